import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../support/test-app.ts';

const page = `<!doctype html><title>Aether-V</title>${'<!-- -->'.repeat(200)}`;
const script = `export const text = '${'x'.repeat(4000)}';`;
const asset = '/assets/main-abc123.js';

let webRoot: string;
let service: TestApp;

beforeAll(async () => {
  webRoot = mkdtempSync(join(tmpdir(), 'console-'));
  mkdirSync(join(webRoot, 'assets'));
  for (const [path, content] of [
    ['index.html', page],
    ['assets/main-abc123.js', script],
  ] as const) {
    writeFileSync(join(webRoot, path), content);
    writeFileSync(join(webRoot, `${path}.br`), brotliCompressSync(content));
    writeFileSync(join(webRoot, `${path}.gz`), gzipSync(content));
  }
  writeFileSync(join(webRoot, 'assets', 'small-abc123.js'), 'export {};');
  service = await startTestApp({ webRoot });
});

afterAll(async () => {
  await service.app.close();
  rmSync(webRoot, { recursive: true });
});

describe('the files of the console', () => {
  test.each([
    ['br', 'gzip, deflate, br', brotliDecompressSync],
    ['gzip', 'gzip', gunzipSync],
  ] as const)('are sent as the build compressed them: %s', async (encoding, accepted, decode) => {
    for (const [url, content, type] of [
      [asset, script, 'application/javascript; charset=utf-8'],
      ['/', page, 'text/html; charset=utf-8'],
    ] as const) {
      const response = await service.get(url, { 'accept-encoding': accepted });
      expect(response.statusCode).toBe(200);
      expect(response.headers).toMatchObject({
        'content-encoding': encoding,
        'content-type': type,
        vary: 'accept-encoding',
        'x-content-type-options': 'nosniff',
      });
      expect(decode(response.rawPayload).toString()).toBe(content);
    }
  });

  test('are sent as they are to other clients, and if they have no compressed form', async () => {
    const plain = await service.get(asset);
    expect([plain.headers['content-encoding'], plain.headers['vary'], plain.body]).toEqual([
      undefined,
      'accept-encoding',
      script,
    ]);
    const small = await service.get('/assets/small-abc123.js', { 'accept-encoding': 'br' });
    expect([small.headers['content-encoding'], small.body]).toEqual([undefined, 'export {};']);
  });

  test('are cached for good, except the page', async () => {
    expect((await service.get(asset)).headers['cache-control']).toBe('public, max-age=31536000, immutable');
    const first = await service.get('/', { 'accept-encoding': 'br' });
    expect(first.headers['cache-control']).toBe('no-cache');
    const again = await service.get('/', {
      'accept-encoding': 'br',
      'if-none-match': String(first.headers['etag']),
    });
    expect([again.statusCode, again.body]).toEqual([304, '']);
  });

  test.each([`${asset}.br`, '/index.html.gz'])(
    'have one address, not another for each encoding: %s',
    async (url) => {
      expect((await service.get(url)).statusCode).toBe(404);
    },
  );
});

describe('the pages of the console', () => {
  test.each([undefined, '*/*', 'text/html,application/xhtml+xml,*/*;q=0.8', 'text/*'])(
    'are found by GET and HEAD with Accept: %s',
    async (accept) => {
      const headers = accept === undefined ? {} : { accept };
      for (const url of ['/', '/vms', '/vms/0a1b2c3d-0000-4000-8000-00000000000f?tab=disks']) {
        const response = await service.get(url, headers);
        expect([response.statusCode, response.body]).toEqual([200, page]);
        expect((await service.send({ method: 'HEAD', url, headers })).statusCode).toBe(200);
      }
    },
  );

  test.each([
    ['/', 'application/json'],
    ['/assets/gone-abc123.js', '*/*'],
    ['/favicon.ico', 'image/*'],
    ['/api/v1/nothing', 'text/html'],
    ['/api/v1/nothing', '*/*'],
  ])('do not replace what is missing: %s with Accept: %s', async (url, accept) => {
    const response = await service.get(url, { accept });
    expect(response.statusCode).toBe(404);
    expect(response.headers['content-type']).toContain('application/problem+json');
  });

  test('HEAD answers wherever GET does', async () => {
    for (const url of ['/api/v1/vms', '/api/v1/inventory', '/healthz', '/docs', '/openapi.json', asset]) {
      expect((await service.send({ method: 'HEAD', url })).statusCode, url).toBe(200);
    }
  });
});
