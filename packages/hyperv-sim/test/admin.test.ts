import { request } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startFleet, type SimulatedFleet } from '../src/fleet/index.ts';
import { createFakeClock } from '../src/testing.ts';
import { smallFleetSpec } from './small-fleet.ts';

const clock = createFakeClock();
let fleet: SimulatedFleet;

beforeAll(async () => {
  fleet = await startFleet({ username: 'u', password: 'p', fleet: smallFleetSpec, clock });
});
afterAll(() => fleet.close());

async function ask(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${fleet.adminUrl}${path}`, {
    method,
    ...(body !== undefined && {
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    }),
  });
  return { status: response.status, body: await response.json() };
}

async function create(name: string, state = 'Off'): Promise<string> {
  const { status, body } = await ask('POST', '/hosts/n1/vms', { name, state });
  expect(status).toBe(201);
  return (body as { vmId: string }).vmId;
}

test('lists the available faults, and those of each host', async () => {
  const { body } = await ask('GET', '/faults');
  expect(Object.keys(body as object)).toEqual([
    'refuse',
    'silent',
    'stall-headers',
    'stall-body',
    'cut-body',
    'receive-hangs',
    'agent-error',
    'slow',
    'quota',
    'language-mode',
    'clock-skew',
  ]);
  await ask('PUT', '/hosts/n2/fault', { kind: 'slow', delayMs: 10 });
  expect((await ask('GET', '/hosts')).body).toMatchObject([
    { hostId: 'n1', url: fleet.hostUrls[0], fault: null },
    { hostId: 'n2', url: fleet.hostUrls[1], fault: { kind: 'slow', delayMs: 10 } },
  ]);
  expect(await ask('DELETE', '/hosts/n2/fault')).toEqual({ status: 200, body: null });
  expect(await ask('GET', '/hosts/n2/fault')).toEqual({ status: 200, body: null });
});

test('an administrator creates, renames, annotates, starts, moves and deletes a VM at the host', async () => {
  const vmId = await create('NEW');
  const at = `/hosts/n1/vms/${vmId}`;
  expect((await ask('POST', `${at}/rename`, { name: 'NEWER' })).body).toMatchObject({ name: 'NEWER' });
  expect((await ask('POST', `${at}/notes`, { notes: 'mine' })).body).toMatchObject({ notes: 'mine' });
  expect(await ask('POST', `${at}/start`)).toMatchObject({ status: 202, body: { state: 'running' } });
  clock.advance(60_000);
  expect((await ask('GET', at)).body).toMatchObject({ state: 'Running' });
  expect((await ask('POST', `${at}/storage`, { lost: true })).body).toMatchObject({ critical: true });
  await ask('POST', `${at}/storage`, { lost: false });
  await ask('POST', `${at}/migrate`, { target: 'n2' });
  clock.advance(60_000);
  expect((await ask('GET', at)).status).toBe(404);
  const there = `/hosts/n2/vms/${vmId}`;
  expect((await ask('POST', `${there}/delete`)).status).toBe(409);
  const stopped = ask('POST', `${there}/stop?wait=true`);
  for (let done = false; !done;) {
    clock.advance(1_000);
    done = await Promise.race([
      stopped.then(() => true),
      new Promise<false>((resolve) => setImmediate(() => resolve(false))),
    ]);
  }
  expect(await stopped).toMatchObject({ status: 200, body: { state: 'completed' } });
  expect((await ask('POST', `${there}/delete`)).status).toBe(200);
  expect((await ask('GET', '/hosts/n2/vms')).body).toEqual([]);
});

test('counts requests by action, and resets the counters', async () => {
  await fetch(fleet.hostUrls[0] ?? '', {
    method: 'POST',
    headers: { authorization: `Basic ${btoa('u:p')}` },
  });
  expect((await ask('GET', '/hosts/n1/counters')).body).toMatchObject({
    requests: 1,
    byAction: { empty: 1 },
  });
  await ask('DELETE', '/hosts/n1/counters');
  expect((await ask('GET', '/hosts/n1/counters')).body).toMatchObject({
    requests: 0,
    byAction: { empty: 0 },
  });
});

test.each<[string, string, string, unknown, number]>([
  ['an unknown route', 'GET', '/nowhere', undefined, 404],
  ['an unknown host', 'GET', '/hosts/nobody/vms', undefined, 404],
  ['an inherited property as a route', 'GET', '/constructor', undefined, 404],
  ['an unknown fault', 'PUT', '/hosts/n1/fault', { kind: 'explode' }, 400],
  ['a fault without its parameter', 'PUT', '/hosts/n1/fault', { kind: 'slow' }, 400],
  ['an unknown VM', 'POST', '/hosts/n1/vms/8f14e45f-ceea-467f-a9c5-0f1b2c3d4e5f/start', {}, 404],
  ['an unknown action', 'POST', '/hosts/n1/vms/x/explode', {}, 404],
  ['a VM without a name', 'POST', '/hosts/n1/vms', {}, 400],
])('%s is refused: %s %s', async (_what, method, path, body, status) => {
  expect(await ask(method, path, body)).toMatchObject({ status, body: { error: {} } });
});

test('requests from web pages are refused: foreign Host, Origin, form', async () => {
  const send = (headers: Record<string, string>, body = ''): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const one = request(`${fleet.adminUrl}/hosts/n1/fault`, { method: 'PUT', headers }, (response) => {
        response.resume().once('end', () => resolve(response.statusCode));
      });
      one.once('error', reject).end(body);
    });
  expect(await send({ host: 'evil.example' })).toBe(421);
  expect(await send({ origin: 'http://evil.example' })).toBe(403);
  expect(await send({ 'content-type': 'text/plain' }, '{"kind":"refuse"}')).toBe(415);
  expect(fleet.engine.hostIds).toContain('n1');
  expect((await ask('GET', '/hosts/n1/fault')).body).toBeNull();
});
