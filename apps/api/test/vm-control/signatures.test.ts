import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ControlService, signer, signing } from '../support/control-service.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { signed1, signed2 } from '../support/signer.ts';

let control: ControlService;
beforeEach(() => (control = new ControlService(new FakeClock())));
afterEach(() => control.close());

const start = '/vm/web01/start';

async function answer(
  url: string,
  headers: Record<string, string>,
  body: string | Buffer = '{}',
): Promise<number | string> {
  const response = await control.post(url, headers, body);
  const { code } = response.json<{ code?: string }>();
  return response.statusCode === 401 && code === 'signature-used' ? code : response.statusCode;
}

describe('signatures', () => {
  beforeEach(() => control.start());

  test.each([
    ['in upper case', (hex: string) => hex.toUpperCase(), 200],
    ['in mixed case', (hex: string) => hex.slice(0, 32).toUpperCase() + hex.slice(32), 200],
    ['with another digit', (hex: string) => hex.replace(/.$/, (digit) => (digit === '0' ? '1' : '0')), 401],
    ['in base64', (hex: string) => Buffer.from(hex, 'hex').toString('base64'), 401],
    ['that is cut', (hex: string) => hex.slice(0, 62), 401],
    ['that is empty', () => '', 401],
  ])('a signature %s', async (_, change, expected) => {
    const headers = signed1(signer, '{}', control.stamp());
    headers['x-signature'] = change(headers['x-signature'] ?? '');
    expect(await answer(start, headers)).toBe(expected);
    expect(control.asked).toHaveLength(expected === 200 ? 1 : 0);
  });

  test('refuses a signed request with an altered body or time', async () => {
    const timestamp = control.stamp();
    const headers = signed1(signer, '{}', timestamp);
    expect(await answer(start, headers, '{ }')).toBe(401);
    expect(await answer(start, headers, '{')).toBe(401);
    expect(await answer(start, headers, '')).toBe(401);
    expect(await answer(start, { ...headers, 'x-timestamp': control.stamp() })).toBe(401);
    expect(await answer(start, { ...headers, 'x-timestamp': `${timestamp}0` })).toBe(401);
    expect(await answer(start, headers)).toBe(200);
  });

  test('the raw bytes of the body count', async () => {
    const body = '{"reason": "für alle"}';
    expect((await control.act('web01/start', body)).statusCode).toBe(200);
    const headers = signed1(signer, body, control.stamp());
    expect(await answer(start, headers, Buffer.from(body, 'latin1'))).toBe(401);
  });

  test('the signature of the list starts no VM', async () => {
    const headers = signed1(signer, '', control.stamp());
    expect((await control.service.get('/vm/list', headers)).statusCode).toBe(200);
    expect(await answer(start, headers)).toBe(401);
    expect(await answer(start, headers, '')).toBe(400);
    expect(control.asked).toEqual([]);
  });

  test('refuses the signature of a start for another VM or action, and a second time', async () => {
    const headers = signed1(signer, '{}', control.stamp());
    expect(await answer(start, headers)).toBe(200);
    for (const path of ['/vm/db%2001/shutdown', start, '/vm/twin/start?host=hv01']) {
      const again = await control.post(path, headers);
      expect([again.statusCode, again.headers['retry-after']]).toEqual([401, '1']);
      expect(again.json()).toMatchObject({
        code: 'signature-used',
        detail: expect.stringMatching(/Sign again with a finer timestamp/) as string,
      });
    }
    const upper = { ...headers, 'x-signature': headers['x-signature']?.toUpperCase() ?? '' };
    expect(await answer('/vm/db%2001/shutdown', upper)).toBe('signature-used');
    expect(control.asked).toEqual(['vm.start web01@hv01']);
  });

  test('a request that found no VM has used its signature', async () => {
    const headers = signed1(signer, '{}', control.stamp());
    expect(await answer('/vm/nothing/start', headers)).toBe(404);
    expect(await answer('/vm/nothing/start', headers)).toBe(404);
    expect(await answer(start, headers)).toBe('signature-used');
  });

  test('of a burst with the same signature one request acts', async () => {
    const headers = signed1(signer, '{}', control.stamp());
    const paths = [start, '/vm/db%2001/shutdown', '/vm/twin/start?host=hv01', '/vm/twin/start?host=hv02'];
    const answers = await Promise.all([...paths, ...paths].map((path) => answer(path, headers)));
    expect(answers.filter((status) => status === 200)).toHaveLength(1);
    expect(answers.filter((status) => status === 'signature-used')).toHaveLength(7);
    expect(control.asked).toHaveLength(1);
  });

  test('requests in the same second act if the fractions of their times differ', async () => {
    const second = Math.floor(control.clock.now() / 1000);
    for (const fraction of ['.1', '.2', '.20']) {
      expect((await control.act('web01/start', '{}', `${second}${fraction}`)).statusCode).toBe(200);
    }
    expect(control.asked).toHaveLength(3);
  });

  test('GETs may repeat, and carry no body', async () => {
    const headers = signed1(signer, '', control.stamp());
    for (let at = 0; at < 3; at += 1) {
      expect((await control.service.get('/vm/list', headers)).statusCode).toBe(200);
    }
    const withBody = await control.service.send({
      method: 'GET',
      url: '/vm/list',
      headers: { ...signed1(signer, '{}', control.stamp()), 'content-type': 'application/json' },
      payload: '{}',
    });
    expect(withBody.statusCode).toBe(400);
  });

  test.each([
    ['Unix seconds', (time: number) => String(Math.floor(time / 1000))],
    ['seconds with a fraction', (time: number) => (time / 1000).toFixed(3)],
    ['milliseconds', (time: number) => String(time)],
    ['ISO 8601', (time: number) => new Date(time).toISOString()],
    ['ISO 8601 without a zone', (time: number) => new Date(time).toISOString().replace('Z', '')],
    [
      'ISO 8601 in another zone',
      (time: number) => new Date(time + 5.5 * 3_600_000).toISOString().replace('Z', '+05:30'),
    ],
  ])('the time may be %s', async (_, write) => {
    const now = control.clock.now();
    const statuses = [0, -301_000, 62_000].map(async (offset) => {
      const { statusCode } = await control.act('web01/start', '{}', write(now + offset));
      return statusCode;
    });
    expect(await Promise.all(statuses)).toEqual([200, 401, 401]);
  });

  test('the local time of another zone without its offset is refused', async () => {
    const local = new Date(control.clock.now() + 3_600_000).toISOString().replace('Z', '');
    const response = await control.act('web01/start', '{}', local);
    expect(response.statusCode).toBe(401);
    expect(response.json<{ detail: string }>().detail).toMatch(/3600 s ahead/);
  });

  test('signature 2 covers the address, and is accepted once', async () => {
    const target = '/vm/db%2001/shutdown';
    const headers = signed2(signer, 'POST', target, '{}', control.stamp());
    expect(await answer(start, headers)).toBe(401);
    expect(await answer(`${target}?host=hv01`, headers)).toBe(401);
    expect(await answer('/vm/db%2001/restart', headers)).toBe(401);
    expect(await answer(target, { ...headers, 'x-nonce': 'f'.repeat(32) })).toBe(401);
    expect(await answer(target, { ...headers, 'x-nonce': 'short' })).toBe(401);
    expect(await answer(target, headers)).toBe(200);
    expect(await answer(target, headers)).toBe('signature-used');
    expect(control.asked).toEqual(['vm.shutdown db 01@hv01 force']);
  });

  test('an invalid signature 2 is not replaced by a valid signature 1', async () => {
    const timestamp = control.stamp();
    const second = signed2(signer, 'POST', '/vm/web01/shutdown', '{}', timestamp);
    expect(await answer(start, { ...signed1(signer, '{}', timestamp), ...second })).toBe(401);
  });

  test.each(['', '[]', '1', 'null', '{', '"{}"'])(
    'the body %s is refused after its signature',
    async (body) => {
      expect((await control.act('web01/start', body)).statusCode).toBe(400);
      expect(await answer(start, signed1(signer, `${body} `, control.stamp()), body)).toBe(401);
      expect(control.asked).toEqual([]);
    },
  );

  test('a large body is refused', async () => {
    expect((await control.act('web01/start', `{"a":"${'x'.repeat(70_000)}"}`)).statusCode).toBe(413);
  });
});

describe('HMAC_REPLAY_SCOPE=target', () => {
  beforeEach(() => control.start({ ...signing, HMAC_REPLAY_SCOPE: 'target' }));

  test('accepts a signature once for each VM and action', async () => {
    const headers = signed1(signer, '{}', control.stamp());
    const paths = [start, '/vm/db%2001/shutdown'];
    for (const path of paths) expect(await answer(path, headers)).toBe(200);
    for (const path of [...paths, '/vm/%77eb01/start', '/vm/web01/start?host=hv01']) {
      expect(await answer(path, headers)).toBe('signature-used');
    }
    expect(control.asked).toHaveLength(2);
  });
});
