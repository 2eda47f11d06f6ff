import type { ClusterFacts, Envelope, Job, JobAccepted, JournalEntry } from '@aether-v/types';
import type { Response } from 'light-my-request';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { newOperationId } from '../../src/common/operation-id.ts';
import { mayBeOlder } from '../../src/jobs/idempotency.ts';
import { withoutSecrets } from '../../src/jobs/without-secrets.ts';
import { clusteredVm, clusterFacts, guid, vmFacts } from '../support/facts.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { JobHost } from '../support/job-host.ts';
import { startTestApp, until, type TestApp } from '../support/test-app.ts';

const key = 'order-0001';
const minute = 60_000;

let clock: FakeClock;
let apps: TestApp[];

beforeEach(() => {
  clock = new FakeClock();
  apps = [];
});

afterEach(async () => {
  await Promise.all(apps.map(({ app }) => app.close()));
});

async function serve(...hosts: JobHost[]): Promise<TestApp> {
  const app = await startTestApp({ hosts: hosts.map(({ host }) => host), clock });
  apps.push(app);
  return app;
}

/** The journal of a host that began what this envelope asks for. */
function journal(host: JobHost, { id, op, actor, idempotencyKey, fingerprint }: Envelope): JournalEntry {
  const entry: JournalEntry = {
    operationId: id,
    op,
    actor,
    state: 'succeeded',
    vmId: guid(1),
    startedAt: new Date(clock.now()).toISOString(),
    finishedAt: new Date(clock.now()).toISOString(),
    percent: 100,
    message: null,
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    ...(fingerprint === undefined ? {} : { fingerprint }),
  };
  host.journal.set(id, entry);
  return entry;
}

const act = (app: TestApp, action: string, idempotencyKey: string, body: object = {}): Promise<Response> =>
  app.post(`/api/v1/vms/${guid(1)}/${action}`, body, { 'idempotency-key': idempotencyKey });

/** A life of the service that starts VM 1 under the key, and is killed after its host has begun. */
async function firstLife(host: JobHost, ...others: JobHost[]): Promise<Job> {
  const first = await serve(host, ...others);
  const response = await act(first, 'start', key);
  expect(response.statusCode, response.body).toBe(202);
  await until(() => host.asked('vm.start').length === 1);
  const [envelope] = host.asked('vm.start');
  if (envelope === undefined) throw new Error('nothing was started');
  journal(host, envelope);
  host.host.setVm({ ...vmFacts(guid(1)), name: 'VM-1', state: 'Running' });
  return response.json<JobAccepted>().job;
}

describe('a request that was sent before a restart of the service', () => {
  test('returns the same job, although the VM’s state no longer allows it', async () => {
    const hv = new JobHost('hv01', clock, 2);
    const { id } = await firstLife(hv);
    const second = await serve(hv);
    const again = await act(second, 'start', key);
    expect(again.statusCode, again.body).toBe(202);
    expect(again.json<JobAccepted>().job).toMatchObject({ id, state: 'succeeded', source: 'host' });
    expect(again.headers['location']).toBe(`/api/v1/jobs/${id}`);
    expect((await act(second, 'start', key)).json<JobAccepted>().job.id).toBe(id);
    expect(hv.asked('vm.start')).toHaveLength(1);
  });

  test('is refused if its key is used for a different request', async () => {
    const hv = new JobHost('hv01', clock, 1);
    await firstLife(hv);
    const second = await serve(hv);
    const other = await act(second, 'stop', key);
    expect([other.statusCode, other.json<{ code: string }>().code]).toEqual([422, 'validation-failed']);
    expect(hv.asked('vm.stop')).toEqual([]);
  });

  test('waits for the journal of its host, but at most ten seconds', async () => {
    const hv = new JobHost('hv01', clock, 1);
    const { id } = await firstLife(hv);
    const { promise, resolve } = Promise.withResolvers<undefined>();
    hv.beforeList = promise;
    const second = await serve(hv);
    const answers: Response[] = [];
    void act(second, 'start', key).then((response) => answers.push(response));
    await clock.advance(9000);
    expect(answers).toEqual([]);
    void act(second, 'start', key).then((response) => answers.push(response));
    await clock.advance(2000);
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([503]);
    resolve(undefined);
    await until(() => answers.length === 2);
    expect(answers[1]?.json<JobAccepted>().job.id).toBe(id);
    expect(hv.asked('vm.start')).toHaveLength(1);
  });

  test('answers 503 and starts nothing while its host is unreachable, and returns the same job afterwards', async () => {
    const hv = new JobHost('hv01', clock, 1);
    const other = new JobHost('hv02', clock, 0);
    const { id } = await firstLife(hv, other);
    hv.host.fault = 'refuse';
    const second = await serve(other, hv);
    await until(() =>
      [...second.store.rows('host').values()].some((row) => row.connection.state === 'unreachable'),
    );
    const refused = await act(second, 'start', key);
    expect([refused.statusCode, refused.json<{ code: string }>().code]).toEqual([503, 'host-unreachable']);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    hv.host.fault = undefined;
    await clock.advance(5 * minute);
    await until(() => second.store.get('vm', guid(1)) !== undefined);
    expect((await act(second, 'start', key)).json<JobAccepted>().job.id).toBe(id);
    expect(hv.asked('vm.start')).toHaveLength(1);
  });

  test('that deleted the VM returns its job, although the VM no longer exists', async () => {
    const hv = new JobHost('hv01', clock, 1);
    const first = await serve(hv);
    const query = { name: 'VM-1' };
    const remove = (app: TestApp, change: object = {}, headers = { 'idempotency-key': key }) =>
      app.delete(`/api/v1/vms/${guid(1)}`, { ...query, ...change }, headers);
    const { job } = (await remove(first)).json<JobAccepted>();
    await until(() => hv.asked('vm.delete').length === 1);
    for (const envelope of hv.asked('vm.delete')) journal(hv, envelope);
    hv.host.vms.clear();
    const second = await serve(hv);
    expect((await remove(second)).json<JobAccepted>().job.id).toBe(job.id);
    expect((await remove(second, { force: true })).statusCode).toBe(422);
    expect((await second.delete(`/api/v1/vms/${guid(1)}`, query)).statusCode).toBe(404);
  });

  test('is found by its key without a restart as well, after its job was removed', async () => {
    const hv = new JobHost('hv01', clock, 15);
    const app = await startTestApp({ hosts: [hv.host], clock, environment: { JOB_HISTORY: '10' } });
    apps.push(app);
    const first = (await act(app, 'start', key)).json<JobAccepted>().job;
    await until(() => hv.running.has(guid(1)));
    for (const envelope of hv.asked('vm.start')) journal(hv, envelope);
    hv.succeed(guid(1));
    await until(() => app.store.get('job', first.id)?.state === 'succeeded');
    await clock.advance(16 * minute);
    for (let at = 2; at <= 12; at += 1) {
      await app.post(`/api/v1/vms/${guid(at)}/start`);
      await until(() => hv.running.has(guid(at)));
      hv.succeed(guid(at));
      await until(() => !hv.running.has(guid(at)));
    }
    await until(() => app.store.get('job', first.id) === undefined);
    expect((await act(app, 'start', key)).json<JobAccepted>().job).toMatchObject({ id: first.id });
    expect(
      hv.asked('vm.start').filter(({ request }) => (request as { vmId: string }).vmId === guid(1)),
    ).toHaveLength(1);
  });
});

describe('a request that several nodes may have run', () => {
  const cluster: ClusterFacts = clusterFacts('00000000-0000-4000-8000-0000000000c1', ['n1', 'n2']);
  let nodes: [JobHost, JobHost];
  let alone: JobHost;

  beforeEach(() => {
    const [n1, n2] = [new JobHost('n1', clock, 0), new JobHost('n2', clock, 0)];
    n1.host.vms.set(guid(1), clusteredVm(guid(1), 'n1', { name: 'VM-1', state: 'Off', startedAt: null }));
    n1.host.cluster = cluster;
    n2.host.cluster = cluster;
    nodes = [n1, n2];
    alone = new JobHost('hv09', clock, 0);
  });

  test('queries the node that had the VM then, not only the one that has it now', async () => {
    const [n1, n2] = nodes;
    const { id } = await firstLife(n1, n2);
    n1.host.vms.clear();
    n2.host.vms.set(guid(1), clusteredVm(guid(1), 'n2', { name: 'VM-1', state: 'Off', startedAt: null }));
    const second = await serve(n1, n2);
    expect((await act(second, 'start', key)).json<JobAccepted>().job.id).toBe(id);
    expect(n2.asked('vm.start')).toEqual([]);
  });

  test('is refused while another node is unreachable, but not for a host outside the cluster', async () => {
    const [n1, n2] = nodes;
    n2.host.fault = 'refuse';
    const second = await serve(n1, n2, alone);
    await until(() =>
      [...second.store.rows('host').values()].some((row) => row.connection.state === 'unreachable'),
    );
    expect((await act(second, 'start', key)).statusCode).toBe(503);
    expect((await second.post(`/api/v1/vms/${guid(1)}/start`)).statusCode).toBe(202);
    const third = await serve(n1);
    alone.host.fault = 'refuse';
    expect((await act(third, 'start', 'another')).statusCode).toBe(202);
  });

  test('continues without the node if its UUIDv7 is newer than the start of the service', async () => {
    const [n1, n2] = nodes;
    n2.host.fault = 'refuse';
    const second = await serve(n1, n2);
    await clock.advance(6 * minute);
    expect((await act(second, 'start', newOperationId(clock.now()))).statusCode).toBe(202);
  });
});

test('a host cannot answer a request to a VM of another host with a key that it reports, only block it', async () => {
  const owner = new JobHost('hv01', clock, 1);
  const liar = new JobHost('hv02', clock, 0);
  const first = await serve(owner);
  await act(first, 'start', key);
  await until(() => owner.asked('vm.start').length === 1);
  for (const envelope of owner.asked('vm.start')) journal(liar, envelope);
  const second = await serve(owner, liar);
  await until(() => second.store.rows('job').size === 1);
  expect((await act(second, 'start', key)).statusCode).toBe(409);
  expect((await act(second, 'start', 'order-0002')).statusCode).toBe(202);
});

test.each([
  ['no UUID', 'order-0001', true],
  ['a UUIDv4', 'aaaaaaaa-0000-4000-8000-000000000000', true],
  ['made before the start', newOperationId(10 * minute), true],
  ['made just after the start, by a clock that may be fast', newOperationId(24 * minute), true],
  ['made long after the start', newOperationId(26 * minute), false],
  ['made in the future', newOperationId(66 * minute), true],
] as const)('whether a key may be older than a start at minute 20: %s', (_what, text, isOlder) => {
  expect(mayBeOlder(text, 20 * minute, 60 * minute)).toBe(isOlder);
});

test('secrets of a request are excluded from the comparison', () => {
  const secret = { type: 'string', writeOnly: true };
  const schema = {
    properties: {
      name: { type: 'string' },
      password: secret,
      users: { items: { properties: { user: { type: 'string' }, password: secret } } },
      join: { anyOf: [{ properties: { domain: { type: 'string' }, token: secret } }, { type: 'null' }] },
    },
  };
  const value = {
    name: 'VM-1',
    password: 's3cret',
    users: [{ user: 'a', password: 's3cret' }],
    join: { domain: 'example.org', token: 's3cret' },
  };
  expect(withoutSecrets(schema, value)).toEqual({
    name: 'VM-1',
    users: [{ user: 'a' }],
    join: { domain: 'example.org' },
  });
});
