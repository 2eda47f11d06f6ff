import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { guid, vmFacts } from '../support/facts.ts';
import { FakeHost } from '../support/fake-agents.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

let service: TestApp;

beforeAll(async () => {
  const clock = new FakeClock();
  const host = new FakeHost('hv01', clock);
  for (let number = 1; number <= 20; number += 1) host.vms.set(guid(number), vmFacts(guid(number)));
  service = await startTestApp({ hosts: [host], clock });
});

afterAll(() => service.app.close());

const list = '/api/v1/vms';
const decoders = { br: brotliDecompressSync, gzip: gunzipSync };

describe('the encoding of responses', () => {
  test.each([
    ['br', 'gzip, deflate, br'],
    ['br', 'br;q=1.0, gzip;q=0.5'],
    ['br', '*'],
    ['gzip', 'gzip'],
    ['gzip', 'br;q=0, gzip'],
  ] as const)('is %s if the client accepts "%s"', async (encoding, accepted) => {
    const plain = await service.get(list);
    const encoded = await service.get(list, { 'accept-encoding': accepted });
    expect(encoded.headers['content-encoding']).toBe(encoding);
    expect(encoded.headers['vary']).toBe('Accept-Encoding');
    expect(encoded.headers['content-length']).toBe(String(encoded.rawPayload.length));
    expect(decoders[encoding](encoded.rawPayload).toString()).toBe(plain.body);
    expect(encoded.rawPayload.length).toBeLessThan(plain.rawPayload.length / 4);
  });

  test.each([undefined, 'identity', 'deflate', 'br;q=0, gzip;q=0'])(
    'is none if the client accepts %s',
    async (accepted) => {
      const response = await service.get(list, accepted === undefined ? {} : { 'accept-encoding': accepted });
      expect(response.headers['content-encoding']).toBeUndefined();
      expect(response.headers['vary']).toBe('Accept-Encoding');
      expect(response.json<{ total: number }>().total).toBe(20);
    },
  );

  test('HEAD states the headers of GET', async () => {
    const headers = { 'accept-encoding': 'br' };
    const get = await service.get(list, headers);
    const head = await service.send({ method: 'HEAD', url: list, headers });
    expect(head.statusCode).toBe(200);
    expect(head.body).toBe('');
    for (const name of [
      'content-type',
      'content-encoding',
      'content-length',
      'etag',
      'vary',
      'cache-control',
    ]) {
      expect(head.headers[name], name).toBe(get.headers[name]);
    }
  });

  test('a VM is compressed although it has a strong entity tag, because no client may store it', async () => {
    service.store.put('vm', { ...rowOf(2), notes: 'words '.repeat(500) });
    const response = await service.get(`${list}/${guid(2)}`, { 'accept-encoding': 'br' });
    const { 'cache-control': caching, etag, vary } = response.headers;
    expect([caching, etag, vary]).toEqual(['no-store', expect.stringMatching(/^"/), 'Accept-Encoding']);
    expect(response.headers['content-encoding']).toBe('br');
    expect(JSON.parse(brotliDecompressSync(response.rawPayload).toString())).toMatchObject({ id: guid(2) });
  });

  test('the OpenAPI document is compressed', async () => {
    const response = await service.get('/openapi.json', { 'accept-encoding': 'br' });
    expect(response.headers['content-encoding']).toBe('br');
    expect(JSON.parse(brotliDecompressSync(response.rawPayload).toString())).toHaveProperty('openapi');
  });

  test.each([
    ['small responses', `${list}?limit=1&fields=name`],
    ['errors, which repeat the request', `/api/v1/vms/${'x'.repeat(400)}${'&a=b'.repeat(400)}`],
    ['responses about the session', '/auth/me'],
  ])('is none for %s', async (_, url) => {
    const response = await service.get(url, { 'accept-encoding': 'br, gzip' });
    expect(response.headers['content-encoding']).toBeUndefined();
  });
});

describe('the caching of responses', () => {
  test.each([
    '/api/v1/vms/unknown',
    '/auth/me',
    '/healthz',
    '/nothing',
    '/api/v1/vms/%zz',
    `${list}?sort=cpu`,
  ])('is forbidden: %s', async (url) => {
    const { headers } = await service.get(url);
    expect([headers['cache-control'], headers['etag']]).toEqual(['no-store', undefined]);
  });

  test.each([
    list,
    `${list}?search=vm&fields=name`,
    '/api/v1/hosts',
    '/api/v1/clusters',
    '/api/v1/inventory',
  ])('needs a question to the service: %s', async (url) => {
    const first = await service.get(url);
    expect(first.headers['cache-control']).toBe('private, no-cache');
    const { etag = '' } = first.headers as { etag?: string };
    for (const known of [etag, `"other", ${etag}`, etag.replace('W/', ''), '*']) {
      const again = await service.get(url, { 'if-none-match': known });
      expect([again.statusCode, again.body, again.headers['etag']]).toEqual([304, '', etag]);
      expect(again.headers['vary']).toBe(first.headers['vary']);
      expect(again.headers['vary']).toBe('Accept-Encoding');
    }
    expect((await service.get(url, { 'if-none-match': '"other"' })).statusCode).toBe(200);
  });

  test('a list that has changed is sent', async () => {
    const { etag = '' } = (await service.get(list)).headers as { etag?: string };
    service.store.put('vm', { ...rowOf(1), notes: 'changed' });
    const again = await service.get(list, { 'if-none-match': etag });
    expect(again.statusCode).toBe(200);
    expect(again.headers['etag']).not.toBe(etag);
  });

  test('an invalid query is refused, whatever the client knows', async () => {
    expect((await service.get(`${list}?limit=0`, { 'if-none-match': '*' })).statusCode).toBe(422);
    expect((await service.get(`${list}?sort=cpu&sort=cpu`)).statusCode).toBe(422);
  });
});

function rowOf(number: number) {
  const row = service.store.get('vm', guid(number));
  if (row === undefined) throw new Error(`There is no VM ${number}.`);
  return row;
}
