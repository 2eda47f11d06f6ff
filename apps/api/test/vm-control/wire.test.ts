import type { AddressInfo } from 'node:net';
import type { Response } from 'light-my-request';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ControlService, signer, signing } from '../support/control-service.ts';
import { guid } from '../support/facts.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { openSocket } from '../support/raw-socket.ts';
import { signed1 } from '../support/signer.ts';
import { until } from '../support/test-app.ts';

let control: ControlService;
beforeEach(() => (control = new ControlService(new FakeClock())));
afterEach(() => control.close());

describe('the wire of the VM controller', () => {
  test('lists the names of VMs', async () => {
    await control.start();
    const headers = { host: 'foreign.example', ...signed1(signer, '', control.stamp()) };
    const response = await control.service.get('/vm/list', headers);
    expect([response.statusCode, response.json()]).toEqual([
      200,
      { vms: ['db 01', 'twin', 'twin', 'web01'] },
    ]);
  });

  test.each([
    ['web01/start', 'vm.start web01@hv01', 'VM started successfully'],
    ['db%2001/shutdown', 'vm.shutdown db 01@hv01 force', 'VM stopped'],
    ['db%2001/restart', 'vm.reset db 01@hv01', 'VM restarted'],
  ])('POST /vm/%s runs %s', async (path, operation, output) => {
    await control.start();
    const response = await control.act(path);
    const [vm, action] = decodeURIComponent(path).split('/');
    expect([response.statusCode, response.json()]).toEqual([200, { status: 'success', vm, action, output }]);
    expect(control.asked).toEqual([operation]);
  });

  test('answers a start of a running VM with success', async () => {
    await control.start();
    const response = await control.act('db%2001/start');
    expect(response.statusCode).toBe(200);
    expect(response.json()).toMatchObject({ status: 'success', output: 'VM is already running' });
    expect(control.asked).toEqual([]);
  });

  test('does not call a VM running whose host is unreachable', async () => {
    await control.start();
    control.hosts[0].fault = 'refuse';
    control.hosts[0].cut();
    await control.clock.advance(1000);
    const response = await control.act('db%2001/start');
    expect(response.json()).toMatchObject({ code: 'host-unavailable' });
  });

  test('answers an unknown name with 404 and a detail, as the VM controller did', async () => {
    await control.start();
    const response = await control.act('nothing/start');
    expect(response.statusCode).toBe(404);
    expect(response.json()).toMatchObject({ code: 'not-found', detail: "VM 'nothing' not found." });
    expect((await control.act('WEB01/start')).statusCode).toBe(404);
  });

  test('answers an ambiguous name with 409 and the candidates, and ?host= picks one', async () => {
    await control.start();
    const response = await control.act('twin/start');
    expect(response.statusCode).toBe(409);
    expect(response.json()).toMatchObject({
      code: 'ambiguous-name',
      candidates: [
        { id: guid(3), host: 'HV01' },
        { id: guid(4), host: 'HV02' },
      ],
      detail: expect.stringMatching(/\?host=/) as string,
    });
    expect((await control.act('twin/start?host=hv02')).statusCode).toBe(200);
    expect((await control.act('twin/start?host=hv03')).statusCode).toBe(404);
    expect(control.asked).toEqual(['vm.start twin@hv02']);
  });

  test('answers a state that does not allow the action with 409', async () => {
    await control.start();
    const response = await control.act('web01/restart');
    expect(response.statusCode).toBe(409);
    expect(response.json()).toMatchObject({ code: 'wrong-state' });
  });

  test('answers 202 with the job after the limit', async () => {
    control.hosts[0].respond = () => {
      control.asked.push('begun');
      return forever();
    };
    await control.start();
    const response = control.act('web01/start');
    while (!control.asked.includes('begun')) await control.clock.advance(0);
    await control.clock.advance(50_000);
    const { statusCode, headers, ...answer } = await response;
    const body = answer.json<{ status: string; job: { id: string; state: string } }>();
    expect([statusCode, body.status, body.job.state]).toEqual([202, 'accepted', 'running']);
    expect(headers['location']).toBe(`/api/v1/jobs/${body.job.id}`);
  });

  test('answers a failed job with its error', async () => {
    const error = { code: 'out-of-space', message: 'The disk is full.', remedy: 'Free some.' };
    control.hosts[0].respond = () => [{ type: 'error', error }];
    await control.start();
    const response = await control.act('web01/start');
    expect(response.statusCode).toBe(507);
    expect(response.json()).toMatchObject({ code: 'out-of-space', detail: 'The disk is full. Free some.' });
  });

  test.each(['application/x-www-form-urlencoded', 'text/plain', 'application/json', 'nonsense', ''])(
    'accepts the content type "%s"',
    async (contentType) => {
      await control.start();
      const headers = signed1(signer, '{}', control.stamp());
      if (contentType !== '') headers['content-type'] = contentType;
      expect((await control.post('/vm/web01/start', headers)).statusCode).toBe(200);
    },
  );

  test('refuses a list with a body, also without signatures', async () => {
    await control.start({ API_KEY: signer.key });
    const headers = { 'x-api-key': signer.key };
    const send = (payload: string): Promise<Response> =>
      control.service.send({ method: 'GET', url: '/vm/list', headers, payload });
    expect([(await send('')).statusCode, (await send('{}')).statusCode]).toEqual([200, 400]);
  });

  test('blames the client for a body that ends early', async () => {
    await control.start({ API_KEY: signer.key });
    await control.service.app.listen(0, '127.0.0.1');
    const { port } = control.service.app.getHttpServer().address() as AddressInfo;
    const { socket } = await openSocket(port);
    const head = `POST /vm/web01/start HTTP/1.1\r\nHost: x\r\nx-api-key: ${signer.key}\r\nContent-Length: 9`;
    socket.end(`${head}\r\n\r\n{}`);
    await until(() => control.service.audit.entries.some(({ status }) => status === 'refused'));
    expect(control.service.audit.entries).toContainEqual(
      expect.objectContaining({ action: 'vm.start', status: 'refused', details: '400' }),
    );
  });

  test('is free of the rules against foreign pages, and answers no foreign page without a key', async () => {
    await control.start();
    const foreign = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
    const headers = { ...signed1(signer, '{}', control.stamp()), ...foreign };
    expect((await control.post('/vm/web01/start', headers)).statusCode).toBe(200);
    expect((await control.post('/vm/web01/start', foreign)).statusCode).toBe(401);
  });
});

describe('the order of checks', () => {
  test('requires an API key, also of the local administrator', async () => {
    await control.start({ API_KEY: signer.key });
    const { service } = control;
    expect((await service.get('/vm/list')).statusCode).toBe(401);
    expect((await service.get('/api/v1/vms')).statusCode).toBe(200);
    expect((await service.get('/vm/list', { 'x-api-key': 'wrong' })).statusCode).toBe(401);
    expect((await service.get('/vm/list', { 'x-api-key': signer.key })).statusCode).toBe(200);
  });

  test('refuses other addresses first, whatever their forwarding headers claim', async () => {
    await control.start({ ...signing, ALLOW_IP: '192.0.2.0/24,2001:db8::/32' });
    const forged = {
      'x-forwarded-for': '192.0.2.7',
      forwarded: 'for=192.0.2.7',
      'x-real-ip': '192.0.2.7',
    };
    const from = (remoteAddress: string, headers: Record<string, string>): Promise<Response> =>
      control.service.send({ method: 'GET', url: '/vm/list', remoteAddress, headers });
    const signed = (): Record<string, string> => signed1(signer, '', control.stamp());
    expect((await from('203.0.113.9', { ...signed(), ...forged })).statusCode).toBe(403);
    expect((await from('203.0.113.9', forged)).statusCode).toBe(403);
    for (const address of ['192.0.2.7', '::ffff:192.0.2.7', '2001:db8::7']) {
      expect((await from(address, signed())).statusCode).toBe(200);
    }
    // The rest of the API is not restricted.
    expect((await control.service.get('/api/v1/vms')).statusCode).toBe(200);
  });

  test('counts requests from other addresses and without a key', async () => {
    await control.start({ ...signing, ALLOW_IP: '192.0.2.0/24', RATE_LIMIT_PER_ADDRESS: '10' });
    const send = (remoteAddress: string): Promise<Response> =>
      control.service.send({ method: 'GET', url: '/vm/list', remoteAddress });
    for (const [address, refusal] of [
      ['203.0.113.9', 403],
      ['192.0.2.7', 401],
    ] as const) {
      for (let at = 0; at < 10; at += 1) expect((await send(address)).statusCode).toBe(refusal);
      expect((await send(address)).statusCode).toBe(429);
    }
  });

  test('behind a trusted proxy, compares the address that the proxy names', async () => {
    await control.start({ ...signing, ALLOW_IP: '192.0.2.7', TRUSTED_PROXIES: '127.0.0.1' });
    const from = (client: string): Promise<Response> =>
      control.service.get('/vm/list', {
        ...signed1(signer, '', control.stamp()),
        'x-forwarded-for': client,
      });
    expect((await from('192.0.2.7')).statusCode).toBe(200);
    expect((await from('203.0.113.9')).statusCode).toBe(403);
    expect((await from('192.0.2.7, 203.0.113.9')).statusCode).toBe(403);
  });

  test('compares the signature before the time, and both before the VM', async () => {
    await control.start();
    const old = control.stamp(-301);
    const wrong = { ...signed1(signer, '{}', old), 'x-signature': 'ab'.repeat(32) };
    const detailOf = async (headers: Record<string, string>): Promise<string> =>
      (await control.post('/vm/nothing/start', headers)).json<{ detail: string }>().detail;
    expect(await detailOf(wrong)).toMatch(/signature/);
    expect(await detailOf(signed1(signer, '{}', old))).toMatch(/x-timestamp is 301 s old/);
  });
});

describe('the audit of the VM control API', () => {
  test('has every request, with a hash of its signature', async () => {
    await control.start();
    await control.service.get('/vm/list', signed1(signer, '', control.stamp()));
    await control.act('web01/start');
    await control.post('/vm/web01/start', {
      ...signed1(signer, '{}', control.stamp()),
      'x-signature': 'wrong',
    });
    const signature = expect.stringMatching(/^[0-9a-f]{64}$/) as string;
    const entries = control.service.audit.entries.filter(({ method }) => method !== null);
    const vm = { kind: 'vm', name: 'web01' };
    expect(entries).toMatchObject([
      { action: 'GET /vm/list', status: 'accepted', details: '200', signature, actor: { id: 'key:default' } },
      { action: 'vm.start', status: 'requested', object: vm, signature },
      { action: 'vm.start', status: 'accepted', details: '200', signature },
      { action: 'vm.start', status: 'refused', details: '401', object: vm, actor: { id: 'key:default' } },
    ]);
    expect(entries[2]?.job).toMatch(/^[0-9a-f-]{36}$/);
  });
});

async function* forever(): AsyncGenerator<never> {
  await new Promise(() => undefined);
  yield* [];
}
