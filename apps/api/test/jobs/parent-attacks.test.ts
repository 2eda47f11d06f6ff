import type { Job, JournalEntry } from '@aether-v/types';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { childOperationId, newOperationId } from '../../src/common/operation-id.ts';
import { queuePatience } from '../../src/jobs/host-patience.ts';
import { JobRows } from '../../src/jobs/job-rows.ts';
import { endedJob, queuedJob } from '../../src/jobs/job-transitions.ts';
import { ParentJobs, type ParentOrder } from '../../src/jobs/parent-jobs.ts';
import { guid } from '../support/facts.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { parentOrder, startsOf, threeHosts } from '../support/family.ts';
import type { JobHost } from '../support/job-host.ts';
import { startTestApp, until, type TestApp } from '../support/test-app.ts';

const environment = { SERVICE_KEY: 'a key of the service that is long enough' };
const minutes = 60_000;

let clock: FakeClock;
let hosts: [JobHost, JobHost, JobHost];
let service: TestApp;

/** Three hosts with a VM each. */
beforeEach(async () => {
  clock = new FakeClock();
  hosts = threeHosts(clock);
  service = await start();
});
afterEach(async () => {
  await service.app.close();
});

function start(env: Record<string, string> = {}): Promise<TestApp> {
  return startTestApp({
    hosts: hosts.map(({ host }) => host),
    clock,
    environment: { ...environment, ...env },
  });
}

function accept(order: ParentOrder['order'], children = startsOf()): Job {
  return service.app.get(ParentJobs).accept(parentOrder(order, children));
}

const job = (id: string): Job | undefined => service.store.get('job', id);
const child = (parentId: string, number: number): Job | undefined => job(childOperationId(parentId, number));
const runs = (number: number): boolean => hosts[number - 1]?.running.has(guid(number)) === true;
const starts = (number: number): number => hosts[number - 1]?.asked('vm.start').length ?? 0;

/** An entry that a host invents about an operation that it did not run. */
function invented(operationId: string, more: Partial<JournalEntry> = {}): JournalEntry {
  const at = new Date(clock.now() - minutes).toISOString();
  return {
    operationId,
    op: 'vm.start',
    state: 'succeeded',
    vmId: null,
    actor: 'Ada',
    startedAt: at,
    finishedAt: at,
    percent: 100,
    message: null,
    ...more,
  };
}

/** A host lists its journal only after the returned function was called. */
function gate(host: JobHost): () => void {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  host.beforeList = promise;
  return () => resolve(undefined);
}

/** Ends the first child, and leaves the second running. */
async function untilSecondRuns(): Promise<string> {
  const { id } = accept('sequence');
  await until(() => runs(1));
  hosts[0].succeed(guid(1));
  await until(() => runs(2));
  return id;
}

describe('a host that knows the ids of a parent and its children', () => {
  test.each(['succeeded', 'running'] as const)(
    'cannot report the child of another host as %s',
    async (state) => {
      const id = await untilSecondRuns();
      await service.app.close();
      hosts[1].end(guid(2));
      const forged = childOperationId(id, 3);
      hosts[0].journal.set(forged, invented(forged, { state, vmId: guid(1) }));
      service = await start();
      await until(() => child(id, 2)?.state === 'succeeded');
      await until(() => runs(3));
      await clock.advance(10_000);
      expect(child(id, 3)).toMatchObject({
        hostId: 'hv03',
        state: 'running',
        source: 'service',
        parentId: id,
        subject: { id: guid(3) },
      });
      hosts[2].succeed(guid(3));
      await until(() => job(id)?.state === 'succeeded');
    },
  );

  test('cannot prevent the parent from being continued', async () => {
    const id = await untilSecondRuns();
    await service.app.close();
    hosts[1].end(guid(2));
    hosts[0].journal.set(id, invented(id));
    service = await start();
    await until(() => runs(3));
    expect(job(id)).toMatchObject({ hostId: null, state: 'running', children: { total: 3 } });
  });

  test('cannot say of the child of another host that it did not start', async () => {
    const id = await untilSecondRuns();
    await service.app.close();
    hosts[1].end(guid(2));
    const first = childOperationId(id, 1);
    const entry = hosts[0].journal.get(first);
    hosts[0].journal.set(first, invented(first, { ...entry, state: 'failed' }));
    const release = gate(hosts[1]);
    service = await start();
    await until(() => child(id, 1)?.state === 'failed');
    await clock.advance(100);
    await until(() => child(id, 2)?.state === 'succeeded');
    await clock.advance(30_000);
    await until(() => child(id, 3)?.state === 'cancelled');
    expect(starts(3)).toBe(0);
    release();
  });
});

describe('a child that ended before it began', () => {
  test('does not start after a restart, once its host was reachable again', async () => {
    hosts[1].host.fault = 'refuse';
    hosts[1].host.cut();
    await until(() => service.store.get('host', 'hv02')?.connection.state !== 'connected');
    const { id } = accept('parallel');
    await until(() => runs(1) && runs(3));
    hosts[0].succeed(guid(1));
    hosts[2].succeed(guid(3));
    await clock.advance(queuePatience + 30_000);
    await until(() => job(id)?.state === 'failed');
    hosts[1].host.fault = undefined;
    await clock.advance(5 * minutes);
    await until(() => hosts[1].cancelled.includes(childOperationId(id, 2)));
    await service.app.close();
    service = await start();
    await until(() => child(id, 2)?.state === 'cancelled');
    expect(runs(2)).toBe(false);
  });
});

describe('a service that starts again', () => {
  test('starts no child that was cancelled, even if its host cannot record that', async () => {
    const id = await untilSecondRuns();
    await service.app.close();
    hosts[1].end(guid(2));
    hosts[1].host.fault = 'refuse';
    hosts[2].cancelFails = true;
    service = await start();
    await until(() => child(id, 3) !== undefined);
    await clock.advance(2_000);
    expect((await service.post(`/api/v1/jobs/${id}/cancel`)).statusCode).toBe(202);
    await clock.advance(1_000);
    expect(child(id, 3)?.state).toBe('unknown');
    hosts[1].host.fault = undefined;
    await clock.advance(1 * minutes);
    await until(() => child(id, 2)?.state === 'succeeded');
    await clock.advance(1_000);
    expect(starts(3)).toBe(0);
    hosts[2].cancelFails = false;
    await clock.advance(1 * minutes);
    await until(() => child(id, 3)?.finishedAt != null);
    expect(starts(3)).toBe(0);
  });

  test('does not send a child after a restart if its host answers with the entry of another operation', async () => {
    const id = await untilSecondRuns();
    await service.app.close();
    hosts[1].end(guid(2));
    const other = invented(newOperationId(clock.now()));
    const { host } = hosts[2];
    const { respond } = host;
    host.respond = (envelope) =>
      envelope.op === 'operation.status' ? [{ type: 'result', result: other }] : respond(envelope);
    service = await start();
    await until(() => child(id, 3)?.state === 'unknown' || starts(3) > 0);
    expect([child(id, 3)?.state, starts(3)]).toEqual(['unknown', 0]);
  });

  test('never says that a child failed that another job is in the way of', async () => {
    const id = await untilSecondRuns();
    await service.app.close();
    hosts[1].end(guid(2));
    const releases = [gate(hosts[0]), gate(hosts[1])];
    service = await start();
    await until(() => service.store.get('vm', guid(2)) !== undefined);
    expect((await service.post(`/api/v1/vms/${guid(2)}/start`)).statusCode).toBe(202);
    await until(() => runs(2));
    releases[0]?.();
    await until(() => child(id, 1)?.state === 'succeeded' && child(id, 2)?.state !== 'queued');
    expect(child(id, 2)?.state).not.toBe('failed');
    await clock.advance(100);
    await until(() => child(id, 2)?.state === 'succeeded');
    releases[1]?.();
  });

  test('finds the plan of a parent among more entries than it keeps jobs', async () => {
    const id = await untilSecondRuns();
    await service.app.close();
    hosts[1].end(guid(2));
    await clock.advance(1000);
    const at = new Date(clock.now()).toISOString();
    for (let count = 0; count < 30; count += 1) {
      const other = newOperationId(clock.now());
      hosts[0].journal.set(other, invented(other, { startedAt: at, finishedAt: at }));
    }
    service = await start({ JOB_HISTORY: '10' });
    await until(() => runs(3));
    expect(job(id)?.state).toBe('running');
  });
});

describe('a parent with a child whose outcome is no longer followed', () => {
  test('can be cancelled, or ends as unknown without starting a further child', async () => {
    await service.app.close();
    service = await start({ JOB_HISTORY: '10' });
    const id = await untilSecondRuns();
    hosts[1].host.fault = 'refuse';
    hosts[1].host.cut();
    await until(() => child(id, 2)?.state === 'unknown');
    expect(job(id)).toMatchObject({ state: 'unknown', cancellable: true });
    await clock.advance(20 * minutes);
    const rows = service.app.get(JobRows);
    for (let count = 0; count < 30; count += 1) {
      const identity = { command: 'vm.start', title: 'Start', hostId: 'hv03', actor: 'Ada' };
      const subject = { kind: 'none', id: null, name: null } as const;
      const other = queuedJob(
        { ...identity, id: newOperationId(clock.now()), subject, source: 'service' },
        rows.now(),
      );
      rows.add(endedJob(other, rows.now(), { code: 'conflict', message: 'No.', remedy: null }));
    }
    expect(child(id, 2)).toBeUndefined();
    await until(() => child(id, 3)?.state === 'cancelled');
    expect(service.app.get(ParentJobs).childrenOf(id)).toEqual([]);
    expect(starts(3)).toBe(0);
  });
});
