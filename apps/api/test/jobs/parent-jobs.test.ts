import { randomBytes } from 'node:crypto';
import type { Job, JobList } from '@aether-v/types';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { childOperationId } from '../../src/common/operation-id.ts';
import { queuePatience } from '../../src/jobs/host-patience.ts';
import { ParentJobs, resumeWithin, type ParentOrder } from '../../src/jobs/parent-jobs.ts';
import type { ChildOrder } from '../../src/jobs/parent-plan.ts';
import { guid } from '../support/facts.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { parentOrder, startsOf, threeHosts } from '../support/family.ts';
import type { JobHost } from '../support/job-host.ts';
import { startTestApp, until, type TestApp } from '../support/test-app.ts';

let clock: FakeClock;
let hosts: JobHost[];
let service: TestApp;
const environment = { SERVICE_KEY: 'a key of the service that is long enough' };

/** Three hosts with a VM each. */
beforeEach(async () => {
  clock = new FakeClock();
  hosts = threeHosts(clock);
  service = await start();
});
afterEach(async () => {
  await service.app.close();
});

/** @param unreachable Names of hosts that refuse connections. */
function start(
  env: Record<string, string> = environment,
  unreachable: readonly string[] = [],
): Promise<TestApp> {
  for (const { host } of hosts) host.fault = unreachable.includes(host.hostId) ? 'refuse' : undefined;
  return startTestApp({ hosts: hosts.map(({ host }) => host), clock, environment: env });
}

/** What a kill leaves: the connections break, and the hosts go on. */
async function restart(env: Record<string, string> = environment): Promise<void> {
  await service.app.close();
  service = await start(env);
}

function heal(name: string): void {
  for (const { host } of hosts) if (host.hostId === name) host.fault = undefined;
}

function accept(order: ParentOrder['order'], children = startsOf()): Job {
  return service.app.get(ParentJobs).accept(parentOrder(order, children));
}

const job = (id: string): Job | undefined => service.store.get('job', id);
const child = (parentId: string, number: number): Job | undefined => job(childOperationId(parentId, number));
const runs = (number: number): boolean => hosts[number - 1]?.running.has(guid(number)) === true;
const starts = (number: number): number => hosts[number - 1]?.asked('vm.start').length ?? 0;

describe('a job with children', () => {
  test('in sequence runs one after the other, and succeeds with the last', async () => {
    const { id } = accept('sequence');
    for (const number of [1, 2, 3]) {
      await until(() => runs(number));
      expect(starts(number + 1)).toBe(0);
      hosts[number - 1]?.succeed(guid(number));
    }
    await until(() => job(id)?.state === 'succeeded');
    expect(job(id)).toMatchObject({
      percent: 100,
      children: { total: 3, succeeded: 3, failed: 0, cancelled: 0 },
    });
    expect(child(id, 2)).toMatchObject({ parentId: id, step: { number: 2, of: 3 }, title: 'Start VM-2' });
    const { items } = (await service.get(`/api/v1/jobs?parentId=${id}`)).json<{ items: Job[] }>();
    expect(items).toHaveLength(3);
    const top = (await service.get('/api/v1/jobs?topLevel=true')).json<JobList>();
    expect(top).toMatchObject({ total: 1, items: [{ id }] });
    expect((await service.get('/api/v1/jobs?topLevel=false')).json<JobList>().total).toBe(4);
    expect((await service.get('/api/v1/jobs?topLevel=1')).statusCode).toBe(422);
  });

  test('the top-level jobs of a host contain a job with a child on that host', async () => {
    const { id } = accept('parallel');
    await until(() => runs(1) && runs(2) && runs(3));
    const onHost = async (hostId: string): Promise<string[]> => {
      const list = (await service.get(`/api/v1/jobs?topLevel=true&hostId=${hostId}`)).json<JobList>();
      return list.items.map((one) => one.id);
    };
    expect([await onHost('hv02'), await onHost('hv09')]).toEqual([[id], []]);
  });

  test('in parallel runs all once the first has begun, and fails with those that failed', async () => {
    const { id } = accept('parallel');
    await until(() => runs(1) && runs(2) && runs(3));
    hosts[1]?.say(guid(2), {
      type: 'error',
      error: { code: 'wrong-state', message: 'It is locked.', remedy: null },
    });
    hosts[0]?.succeed(guid(1));
    hosts[2]?.succeed(guid(3));
    await until(() => job(id)?.state === 'failed');
    expect(job(id)).toMatchObject({
      children: { succeeded: 2, failed: 1 },
      error: { code: 'wrong-state', message: '1 of 3 failed. VM-2: It is locked.' },
    });
  });

  test('in sequence starts none after a failure', async () => {
    const { id } = accept('sequence');
    await until(() => runs(1));
    hosts[0]?.say(guid(1), { type: 'error', error: { code: 'conflict', message: 'No.', remedy: null } });
    await until(() => job(id)?.state === 'failed');
    expect(child(id, 3)).toMatchObject({ state: 'cancelled' });
    expect(starts(2) + starts(3)).toBe(0);
  });

  test.each([
    ['no children', 0, 'validation-failed'],
    ['more than 200 children', 201, 'validation-failed'],
  ])('with %s is refused', (_what, count, code) => {
    const many = Array.from({ length: count }, () => startsOf(1)).flat();
    expect(() => accept('parallel', many)).toThrow(expect.objectContaining({ code }) as Error);
    expect([...service.store.rows('job').values()]).toEqual([]);
  });

  test('whose plan no journal would take is refused', () => {
    const long = startsOf(1).map((one) => ({
      ...one,
      request: { vmId: randomBytes(60_000).toString('base64') },
    }));
    expect(() => accept('parallel', long)).toThrow(
      expect.objectContaining({ code: 'payload-too-large' }) as Error,
    );
    expect([...service.store.rows('job').values()]).toEqual([]);
  });

  test('whose plan is too long to be read again is refused', () => {
    const long = Array.from({ length: 200 }, () => ({
      ...startsOf(1)[0],
      request: { vmId: 'x'.repeat(8_000) },
    }));
    expect(() => accept('parallel', long as ChildOrder<'vm.start'>[])).toThrow(
      expect.objectContaining({ code: 'payload-too-large' }) as Error,
    );
  });

  test('that is cancelled starts no child that waits, and bars it on its host', async () => {
    const { id } = accept('sequence');
    await until(() => runs(1));
    expect((await service.post(`/api/v1/jobs/${id}/cancel`)).statusCode).toBe(202);
    await until(() => hosts[2]?.cancelled.includes(childOperationId(id, 3)) === true);
    hosts[0]?.succeed(guid(1));
    await until(() => job(id)?.state === 'cancelled');
    expect(starts(2) + starts(3)).toBe(0);
  });
});

describe('a service that is killed after the first of three children', () => {
  test('restores the parent from the journal and runs the others once', async () => {
    const { id } = accept('sequence');
    await until(() => runs(1));
    hosts[0]?.succeed(guid(1));
    await until(() => runs(2));
    await restart();
    await until(() => child(id, 1)?.state === 'succeeded');
    expect(job(id)).toMatchObject({ title: 'Start 3 VMs', state: 'running', actor: 'Local administrator' });
    expect(child(id, 1)).toMatchObject({ source: 'service', step: { number: 1, of: 3 } });
    await until(() => runs(2));
    hosts[1]?.succeed(guid(2));
    await until(() => runs(3));
    hosts[2]?.succeed(guid(3));
    await until(() => job(id)?.state === 'succeeded');
    expect(starts(1)).toBe(1);
    expect(starts(3)).toBe(1);
    // All were accepted before the restart, so an earlier service may have recorded the same outcomes.
    const outcomes = service.audit.entries.filter(({ status }) => status === 'succeeded');
    expect(outcomes.map(({ restored }) => restored)).toEqual([true, true, true, true]);
    expect(outcomes.map((entry) => entry.job)).toEqual(
      [1, 2, 3].map((at) => childOperationId(id, at)).concat(id),
    );
  });

  test('shows when a child ended, and does not send it again, before the journal of its host was read', async () => {
    const { id } = accept('sequence');
    await until(() => runs(1));
    hosts[0]?.succeed(guid(1));
    await until(() => runs(2));
    hosts[1]?.succeed(guid(2));
    await until(() => child(id, 2)?.state === 'succeeded');
    const finishedAt = child(id, 2)?.finishedAt;
    await until(() => runs(3));
    await service.app.close();
    await clock.advance(600_000);
    for (const host of hosts.slice(1)) host.beforeList = Promise.withResolvers<undefined>().promise;
    const before = starts(2);
    service = await start();
    await until(() => child(id, 2)?.state === 'succeeded');
    expect(child(id, 2)?.finishedAt).toBe(finishedAt);
    expect(starts(2)).toBe(before);
  });

  test.each([
    ['with another key', { SERVICE_KEY: 'the key of another service, also long' }, 0],
    ['without a key', {}, 0],
    ['more than an hour later', environment, resumeWithin + 1],
  ])('starts nothing %s, and shows the first as history', async (_what, env, later) => {
    const { id } = accept('sequence');
    await until(() => runs(1));
    hosts[0]?.succeed(guid(1));
    await until(() => child(id, 1)?.state === 'succeeded');
    await service.app.close();
    await clock.advance(later);
    const before = starts(3);
    service = await start(env);
    await until(() => child(id, 1)?.state === 'succeeded');
    await clock.advance(5_000);
    expect(job(id)).toBeUndefined();
    expect(starts(3)).toBe(before);
  });

  test('says that a child may have begun whose host it cannot reach, and goes on when the host tells', async () => {
    const { id } = accept('sequence');
    await until(() => runs(1));
    hosts[0]?.succeed(guid(1));
    await until(() => runs(2));
    await service.app.close();
    hosts[1]?.end(guid(2));
    service = await start({ ...environment }, ['hv02']);
    await until(() => child(id, 1)?.state === 'succeeded');
    await clock.advance(queuePatience + 1_000);
    await until(() => child(id, 2)?.state === 'unknown');
    await clock.advance(100);
    expect(job(id)).toMatchObject({ state: 'unknown', error: null });
    expect(starts(3)).toBe(0);
    heal('hv02');
    await clock.advance(30_000);
    await until(() => child(id, 2)?.state === 'succeeded' && runs(3));
    hosts[2]?.succeed(guid(3));
    await until(() => job(id)?.state === 'succeeded');
  });

  test('asks the host to cancel a child that may have begun, instead of saying that it never did', async () => {
    const { id } = accept('sequence');
    await until(() => runs(1));
    hosts[0]?.succeed(guid(1));
    await until(() => runs(2));
    await service.app.close();
    hosts[1]?.end(guid(2));
    service = await start({ ...environment }, ['hv02']);
    await until(() => child(id, 2) !== undefined);
    await clock.advance(2_000);
    expect((await service.post(`/api/v1/jobs/${id}/cancel`)).statusCode).toBe(202);
    await clock.advance(1_000);
    expect(child(id, 2)?.finishedAt).toBeNull();
    heal('hv02');
    await clock.advance(30_000);
    await until(() => child(id, 2)?.state === 'succeeded' && job(id)?.state === 'cancelled');
    expect(child(id, 2)?.log.at(-1)?.message).toMatch(/did not receive the cancel request/);
    expect(starts(3)).toBe(0);
  });

  test('starts no child that was cancelled before', async () => {
    const { id } = accept('sequence');
    await until(() => runs(1));
    await service.post(`/api/v1/jobs/${id}/cancel`);
    await until(() => hosts[1]?.cancelled.length === 1 && hosts[2]?.cancelled.length === 1);
    hosts[0]?.succeed(guid(1));
    await until(() => job(id)?.state === 'cancelled');
    await restart();
    await until(() => child(id, 3)?.state === 'unknown');
    await clock.advance(100);
    await until(() => job(id)?.state === 'cancelled');
    expect(runs(2) || runs(3)).toBe(false);
  });
});
