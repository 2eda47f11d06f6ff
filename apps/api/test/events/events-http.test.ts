import { request as httpRequest, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { localAdministrator } from '../../src/auth/principal.ts';
import { EventStreams, maxStreams } from '../../src/events/event-streams.ts';
import { FakeHost } from '../support/fake-agents.ts';
import { guid, vmFacts } from '../support/facts.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { SseReader } from '../support/sse-reader.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';
import { sessionOf } from '../support/authentication.ts';

interface Service extends TestApp {
  readonly host: FakeHost;
  readonly port: number;
  readonly streams: EventStreams;
}

async function startService(): Promise<Service> {
  const clock = new FakeClock();
  const host = new FakeHost('hv1', clock);
  host.setVm(vmFacts(guid(1)));
  const testApp = await startTestApp({ hosts: [host], clock });
  await testApp.app.listen(0, '127.0.0.1');
  onTestFinished(() => testApp.app.close());
  const { port } = testApp.app.getHttpServer().address() as AddressInfo;
  return { ...testApp, host, port, streams: testApp.app.get(EventStreams) };
}

/** A stream over a real socket. */
async function follow(
  service: Service,
  path = '/api/v1/events',
  headers: Record<string, string> = {},
  localAddress = '127.0.0.1',
) {
  const reader = new SseReader();
  const request = httpRequest({ host: '127.0.0.1', port: service.port, path, headers, localAddress });
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request.once('response', resolve).once('error', reject).end();
  });
  response.setEncoding('utf8').on('data', (text: string) => reader.feed(text));
  const ended = new Promise<boolean>((resolve) => response.once('close', () => resolve(response.complete)));
  onTestFinished(() => void request.destroy());
  return { reader, response, ended, request };
}

/** The first event of this name. */
async function event(reader: SseReader, name: string): Promise<unknown> {
  await vi.waitUntil(() => reader.events.some((one) => one.event === name), { timeout: 10_000 });
  return reader.events.find((one) => one.event === name)?.data;
}

describe('GET /api/v1/events', () => {
  test('carries a change on a host to a reader', async () => {
    const service = await startService();
    const { reader, response } = await follow(service);
    expect(response.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
    });
    await event(reader, 'hello');
    service.host.setVm(vmFacts(guid(1), { name: 'changed' }));
    expect(await event(reader, 'row')).toMatchObject({ kind: 'vm', id: guid(1), row: { name: 'changed' } });
  });

  test('sends the summary of a VM whose notes changed, as in lists', async () => {
    const service = await startService();
    const { reader } = await follow(service);
    await event(reader, 'hello');
    service.host.setVm(vmFacts(guid(1), { notes: 'changed' }));
    const { row } = (await event(reader, 'row')) as { row: object };
    const { items } = (await service.get('/api/v1/vms')).json<{ items: object[] }>();
    expect(row).toEqual(items[0]);
    expect(row).not.toHaveProperty('notes');
  });

  test('leaves no gap after a GET when resumed from its version', async () => {
    const service = await startService();
    const answer = await service.get('/api/v1/vms');
    const { version } = answer.json<{ version: string }>();
    service.host.setVm(vmFacts(guid(1), { name: 'between' }));
    await vi.waitUntil(() => service.store.get('vm', guid(1))?.name === 'between', { timeout: 60_000 });
    const { reader } = await follow(service, `/api/v1/events?from=${version}`);
    expect(await event(reader, 'row')).toMatchObject({ row: { name: 'between' } });
  });

  test('resumes by Last-Event-ID, which takes precedence over the query', async () => {
    const service = await startService();
    const { version } = service.store;
    service.host.setVm(vmFacts(guid(1), { notes: 'later' }));
    await vi.waitUntil(() => service.store.version !== version, { timeout: 60_000 });
    const { reader } = await follow(service, '/api/v1/events?from=x.1', { 'last-event-id': version });
    await event(reader, 'row');
    expect(reader.events.map((one) => one.event)).not.toContain('reset');
  });

  test.each([['?from=gone.7'], ['?from=1&from=2']])('resets a reader of %s', async (query) => {
    const service = await startService();
    const { reader } = await follow(service, `/api/v1/events${query}`);
    expect(await event(reader, 'reset')).toMatchObject({ version: service.store.version });
  });

  test('ends gracefully when the service stops', async () => {
    const service = await startService();
    const { reader, ended } = await follow(service);
    await event(reader, 'hello');
    await service.app.close();
    expect(await ended).toBe(true);
  });

  test('removes a stream whose reader disconnected', async () => {
    const service = await startService();
    const { reader, request } = await follow(service);
    await event(reader, 'hello');
    expect(service.streams.size).toBe(1);
    request.destroy();
    await vi.waitUntil(() => service.streams.size === 0, { timeout: 60_000 });
  });

  test('refuses streams beyond the limit until one of them ends', async () => {
    const service = await startService();
    const open = Array.from({ length: maxStreams }, (_, n) =>
      service.streams.open(undefined, sessionOf(localAdministrator, `session ${n}`)),
    );
    const refused = await service.get('/api/v1/events');
    expect([refused.statusCode, refused.json<{ code: string }>().code]).toEqual([429, 'too-many-requests']);
    for (const stream of open.slice(0, 1)) service.streams.close(stream);
    const { reader } = await follow(service);
    await event(reader, 'hello');
  });

  test('allows eight streams of one caller, then answers 429 with Retry-After', async () => {
    const service = await startService();
    const streams = await Promise.all(Array.from({ length: 8 }, () => follow(service)));
    const ninth = await follow(service);
    expect(ninth.response.statusCode).toBe(429);
    expect(ninth.response.headers).toMatchObject({
      'content-type': 'application/problem+json; charset=utf-8',
      'retry-after': '5',
    });
    for (const { request } of streams.slice(0, 1)) request.destroy();
    await vi.waitUntil(() => service.streams.size === 7, { timeout: 60_000 });
    expect((await follow(service)).response.statusCode).toBe(200);
  });

  test('answers HEAD without opening a stream', async () => {
    const service = await startService();
    const response = await service.send({ method: 'HEAD', url: '/api/v1/events' });
    expect(response.statusCode).toBe(200);
    expect(service.streams.size).toBe(0);
  });

  test('the event stream refuses requests from pages of other sites', async () => {
    const service = await startService();
    const response = await service.get('/api/v1/events', { origin: 'https://evil.example' });
    expect(response.statusCode).toBe(403);
    expect(service.streams.size).toBe(0);
  });
});

describe('PUT /api/v1/events/{streamId}/interest', () => {
  const sample = {
    vmId: guid(1),
    sampledAt: '2026-01-01T00:00:00Z',
    cpuPercent: 5,
    memoryAssigned: 1,
    memoryDemand: null,
  };
  const put = (service: Service, streamId: string, body: unknown) =>
    service.send({
      method: 'PUT',
      url: `/api/v1/events/${streamId}/interest`,
      payload: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    });

  test('selects the samples of the stream', async () => {
    const service = await startService();
    const { reader } = await follow(service);
    const { streamId } = (await event(reader, 'hello')) as { streamId: string };
    service.host.tell({ kind: 'usage', host: null, vms: [sample] });
    const response = await put(service, streamId, { vmIds: [guid(1)], hostIds: [] });
    expect(response.statusCode).toBe(204);
    expect(await event(reader, 'usage')).toEqual({ vms: [sample], hosts: [] });
  });

  test('is separate for each stream and not audited', async () => {
    const service = await startService();
    const { reader: one } = await follow(service);
    const { reader: other } = await follow(service);
    const { streamId } = (await event(one, 'hello')) as { streamId: string };
    await event(other, 'hello');
    expect((await put(service, streamId, { vmIds: [guid(1)], hostIds: [] })).statusCode).toBe(204);
    service.host.tell({ kind: 'usage', host: null, vms: [sample] });
    await event(one, 'usage');
    service.host.setVm(vmFacts(guid(1), { notes: 'the end' }));
    await event(other, 'row');
    expect(other.events.map((each) => each.event)).not.toContain('usage');
    expect(service.audit.entries).toEqual([]);
  });

  test('answers 404 for a stream that is not open', async () => {
    const service = await startService();
    const response = await put(service, guid(9), { vmIds: [], hostIds: [] });
    expect(response.statusCode).toBe(404);
    expect(response.json()).toMatchObject({ code: 'not-found' });
  });

  test.each([
    ['too many ids', { vmIds: Array.from({ length: 501 }, () => guid(1)), hostIds: [] }, ['vmIds']],
    ['ids that are none', { vmIds: ['x'], hostIds: ['Ä'] }, ['vmIds', 'hostIds']],
    ['no lists', {}, ['vmIds', 'hostIds']],
    ['unknown fields', { vmIds: [], hostIds: [], more: 1 }, ['more']],
  ])('refuses %s and lists every invalid field', async (_, body, fields) => {
    const service = await startService();
    const { reader } = await follow(service);
    const { streamId } = (await event(reader, 'hello')) as { streamId: string };
    const response = await put(service, streamId, body);
    expect(response.statusCode).toBe(422);
    const { errors } = response.json<{ errors: { field: string }[] }>();
    expect(errors.map((error) => error.field)).toEqual(expect.arrayContaining(fields));
  });
});
