import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { QueryClient } from '@tanstack/react-query';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { client, listVmsOptions, shutdownVm } from '../src/index.ts';

interface Seen {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly type: string | undefined;
  readonly body: string;
}

const seen: Seen[] = [];
const server = createServer((request, response) => {
  let body = '';
  request.on('data', (chunk: Buffer) => (body += chunk.toString()));
  request.on('end', () => {
    seen.push({ method: request.method, url: request.url, type: request.headers['content-type'], body });
    const isRead = request.method === 'GET';
    response.writeHead(isRead ? 200 : 409, {
      'content-type': isRead ? 'application/json' : 'application/problem+json',
    });
    const problem = { type: 'about:blank', title: '', status: 409, detail: '', code: 'wrong-state' };
    response.end(
      JSON.stringify(isRead ? { items: [], total: 0, version: 'a.1', nextCursor: null } : problem),
    );
  });
});

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  client.setConfig({ baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
});

afterAll(() => server.close());

test('repeats filters as the API expects them', async () => {
  const queries = new QueryClient();
  const page = await queries.query(listVmsOptions({ query: { state: ['Off', 'Saved'], limit: 10 } }));
  expect(page.total).toBe(0);
  expect(seen.at(-1)).toMatchObject({ method: 'GET', url: '/api/v1/vms?state=Off&state=Saved&limit=10' });
});

test('sends bodies as JSON and returns problems as errors', async () => {
  const { data, error } = await shutdownVm({ path: { vmId: 'a@b' }, body: { force: true } });
  expect(seen.at(-1)).toEqual({
    method: 'POST',
    url: '/api/v1/vms/a%40b/shutdown',
    type: 'application/json',
    body: '{"force":true}',
  });
  expect(data).toBeUndefined();
  expect(error?.code).toBe('wrong-state');
});
