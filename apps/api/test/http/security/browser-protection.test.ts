import { connect, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { guid, vmFacts } from '../../support/facts.ts';
import { FakeHost } from '../../support/fake-agents.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { startTestApp, type TestApp } from '../../support/test-app.ts';

let service: TestApp;
const start = `/api/v1/vms/${guid(1)}/start`;

beforeAll(async () => {
  const clock = new FakeClock();
  const host = new FakeHost('hv01', clock);
  host.vms.set(guid(1), vmFacts(guid(1), { state: 'Running' }));
  service = await startTestApp({ hosts: [host], clock, environment: { ALLOWED_HOSTS: 'fleet.example.com' } });
  await service.app.listen(0, '127.0.0.1');
});

afterAll(() => service.app.close());

async function codeOf(response: Promise<{ statusCode: number; body: string }>): Promise<[number, string]> {
  const { statusCode, body } = await response;
  return [statusCode, (JSON.parse(body) as { code: string }).code];
}

describe('a service on loopback', () => {
  test.each(['evil.example.com', 'localhost.evil.example.com', '127.0.0.1.nip.io', 'localhost:8000:1'])(
    'refuses the host name "%s"',
    async (host) => {
      expect(await codeOf(service.get('/api/v1/vms', { host }))).toEqual([421, 'foreign-host']);
    },
  );

  test('a host name of ALLOWED_HOSTS is accepted, but not without credentials', async () => {
    const host = 'fleet.example.com';
    expect(await codeOf(service.get('/api/v1/vms', { host }))).toEqual([401, 'unauthenticated']);
    expect((await service.get('/healthz', { host })).statusCode).toBe(200);
  });

  test.each(['localhost', '127.0.0.1:8000', '[::1]:8000', 'LOCALHOST:1'])(
    'accepts the host name %s',
    async (host) => {
      expect((await service.get('/api/v1/vms', { host })).statusCode).toBe(200);
    },
  );

  test.each([
    { origin: 'https://evil.example.com' },
    { origin: 'null' },
    { origin: 'http://localhost:9999' },
    { origin: 'https://localhost:8000' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
  ])('refuses mutations and events from foreign pages: %o', async (headers) => {
    expect(await codeOf(service.post(start, {}, headers as Record<string, string>))).toEqual([
      403,
      'foreign-origin',
    ]);
    expect(await codeOf(service.get('/api/v1/events', headers as Record<string, string>))).toEqual([
      403,
      'foreign-origin',
    ]);
  });

  test.each(['/%61pi/v1/events', '/api/v1/e%76ents', 'http://localhost:8000/api/v1/events'])(
    'matches its routes however a foreign page writes them: %s',
    async (url) => {
      expect(await codeOf(service.get(url, { 'sec-fetch-site': 'cross-site' }))).toEqual([
        403,
        'foreign-origin',
      ]);
    },
  );

  test('form posts and bodies without a content type are refused', async () => {
    for (const type of [
      'application/x-www-form-urlencoded',
      'text/plain',
      'multipart/form-data; boundary=x',
    ]) {
      const request = {
        method: 'POST',
        url: start,
        payload: 'a=b',
        headers: { 'content-type': type },
      } as const;
      expect(await codeOf(service.send(request))).toEqual([415, 'unsupported-media-type']);
    }
    expect(await codeOf(service.send({ method: 'POST', url: start }))).toEqual([
      415,
      'unsupported-media-type',
    ]);
  });

  test('a DELETE needs no content type, but a form type is refused, and so is a foreign page', async () => {
    const request = { method: 'DELETE', url: `/api/v1/vms/${guid(1)}?name=other` } as const;
    expect(await codeOf(service.send(request))).toEqual([409, 'conflict']);
    const form = { 'content-type': 'text/plain' };
    expect(await codeOf(service.send({ ...request, headers: form }))).toEqual([
      415,
      'unsupported-media-type',
    ]);
    const foreign = { origin: 'http://evil.example', 'sec-fetch-site': 'cross-site' };
    expect(await codeOf(service.send({ ...request, headers: foreign }))).toEqual([403, 'foreign-origin']);
  });

  test('a page with another scheme is told what a reverse proxy has to send', async () => {
    const { body } = await service.post(start, {}, { origin: 'https://localhost:8000' });
    expect((JSON.parse(body) as { detail: string }).detail).toBe(
      'The page has the origin https://localhost:8000, but its request arrived over http. If a reverse proxy is in between, set TRUSTED_PROXIES and let it send X-Forwarded-Proto.',
    );
  });

  test('accepts its own pages and scripts', async () => {
    const own = { origin: 'http://localhost:8000', 'sec-fetch-site': 'same-origin' };
    expect(await codeOf(service.post(start, {}, own))).toEqual([409, 'wrong-state']);
    expect(await codeOf(service.post(start))).toEqual([409, 'wrong-state']);
  });
});

describe('problem documents', () => {
  test.each([
    ['not JSON', '{"a":', 400, 'bad-request'],
    ['a list', '[]', 400, 'bad-request'],
    ['null', 'null', 400, 'bad-request'],
    ['a prototype', '{"__proto__":{"force":true}}', 400, 'bad-request'],
    ['unknown fields', '{"force":true,"constructor":1}', 422, 'validation-failed'],
    ['too long', `{"a":"${'x'.repeat(1_100_000)}"}`, 413, 'payload-too-large'],
  ])('report a body that is %s', async (_, payload, status, code) => {
    const headers = { 'content-type': 'application/json' };
    const response = await service.send({ method: 'POST', url: start, payload, headers });
    expect(response.headers['content-type']).toContain('application/problem+json');
    expect(await codeOf(Promise.resolve(response))).toEqual([status, code]);
  });

  test('report an unknown route', async () => {
    expect(await codeOf(service.get('/api/v1/nothing'))).toEqual([404, 'not-found']);
    expect(await codeOf(service.get('/nothing'))).toEqual([404, 'not-found']);
  });

  test.each([
    ['/api/v1/vms/%zz', 400, 'bad-request'],
    ['/api/v1/vms/%ff', 400, 'bad-request'],
    ['/api/v1/vms/%00', 404, 'not-found'],
    ['/api/v1/vms/a%2fb', 404, 'not-found'],
    [`/api/v1/vms/${'a'.repeat(600)}`, 404, 'not-found'],
    ['/api/v1/vms?cursor=bnVsbA', 422, 'validation-failed'],
    ['/api/v1/vms?limit=1&limit=2', 422, 'validation-failed'],
    ['/api/v1/vms?offset=1e3', 422, 'validation-failed'],
  ])('answer the address %s', async (url, status, code) => {
    const response = await service.get(url);
    expect(response.headers['content-type']).toContain('application/problem+json');
    expect(response.headers['x-content-type-options']).toBe('nosniff');
    expect(await codeOf(Promise.resolve(response))).toEqual([status, code]);
    expect(response.body).not.toContain('FST_');
  });

  test('reveal nothing to an unknown host name, even for an invalid address', async () => {
    const host = 'evil.example.com';
    expect(await codeOf(service.get('/api/v1/vms/%zz', { host }))).toEqual([421, 'foreign-host']);
  });

  test.each([
    ['no HTTP', 'NOT HTTP\r\n\r\n', 400],
    ['two lengths', 'POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n', 400],
    ['long headers', `GET / HTTP/1.1\r\nX: ${'a'.repeat(40_000)}\r\n\r\n`, 431],
  ])('answer %s', async (_, sent, status) => {
    const socket = connect((service.app.getHttpServer().address() as AddressInfo).port, '127.0.0.1');
    socket.end(sent);
    const [head = '', body = ''] = (await text(socket)).split('\r\n\r\n');
    expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    const headers = head.toLowerCase();
    for (const line of [
      'content-type: application/problem+json',
      'cache-control: no-store',
      'x-content-type-options: nosniff',
      "content-security-policy: default-src 'self'",
    ]) {
      expect(headers).toContain(line);
    }
    expect(JSON.parse(body)).toMatchObject({ code: 'bad-request', status });
  });

  test.each(['/healthz', '/readyz'])('the probe %s accepts every host name', async (url) => {
    expect([200, 503]).toContain((await service.get(url, { host: 'evil.example.com' })).statusCode);
  });

  test('the checks protect the documentation as well as the API', async () => {
    for (const url of ['/docs', '/redoc', '/openapi.json']) {
      expect(await codeOf(service.get(url, { host: 'evil.example.com' }))).toEqual([421, 'foreign-host']);
    }
  });
});
