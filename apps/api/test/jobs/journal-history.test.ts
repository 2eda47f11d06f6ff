import type { JournalEntry, JobList } from '@aether-v/types';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { guid, vmFacts } from '../support/facts.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { JobHost } from '../support/job-host.ts';
import { startTestApp, until, type TestApp } from '../support/test-app.ts';

const hour = 3_600_000;

let clock: FakeClock;
let app: TestApp | undefined;

beforeEach(() => {
  clock = new FakeClock();
  app = undefined;
});

afterEach(() => app?.app.close());

/** An operation that ended some time before the service starts (milliseconds). */
function ended(number: number, before: number, more: Partial<JournalEntry> = {}): JournalEntry {
  const at = new Date(clock.now() - before).toISOString();
  return {
    operationId: `01976a3c-0000-7000-8000-${number.toString(16).padStart(12, '0')}`,
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

function write(host: JobHost, entries: readonly JournalEntry[]): void {
  for (const entry of entries) host.journal.set(entry.operationId, entry);
}

async function serve(hosts: readonly JobHost[], jobHistory: number): Promise<TestApp> {
  const environment = { JOB_HISTORY: String(jobHistory) };
  app = await startTestApp({ hosts: hosts.map(({ host }) => host), clock, environment });
  await until(() => hosts.every((host) => host.asked('operation.list').length === 1));
  await clock.advance(10);
  return app;
}

const rows = ({ store }: TestApp): { hostId: string | null; id: string }[] => [...store.rows('job').values()];

describe('the history from journals', () => {
  test('has the newest jobs of all hosts, in whatever order they are read', async () => {
    const hosts = [0, 1, 2].map((at) => new JobHost(`hv0${at}`, clock, 0));
    for (const [at, host] of hosts.entries()) {
      write(
        host,
        Array.from({ length: 8 }, (_, age) => ended(100 * at + 50 - age, age * hour)),
      );
    }
    const test = await serve(hosts, 12);
    const ids = rows(test).map(({ id }) => id);
    const newest = [0, 1, 2].flatMap((at) =>
      [0, 1, 2, 3].map((age) => ended(100 * at + 50 - age, 0).operationId),
    );
    expect(ids.toSorted()).toEqual(newest.toSorted());
  });

  test('leaves each host its share, however much another one reports, and with whatever times', async () => {
    const liar = new JobHost('hv00', clock, 0);
    const honest = new JobHost('hv01', clock, 0);
    write(
      liar,
      Array.from({ length: 60 }, (_, at) => ended(1000 + at, -9 * hour)),
    );
    write(
      honest,
      Array.from({ length: 5 }, (_, at) => ended(at, 20 * hour + at)),
    );
    const test = await serve([liar, honest], 10);
    expect(rows(test).filter(({ hostId }) => hostId === 'hv01')).toHaveLength(5);
    expect(rows(test)).toHaveLength(10);
    const { items } = (await test.get('/api/v1/jobs')).json<JobList>();
    for (const { createdAt, finishedAt } of items) {
      expect(Date.parse(createdAt)).toBeLessThanOrEqual(clock.now());
      expect(Date.parse(finishedAt ?? '')).toBeLessThanOrEqual(clock.now());
    }
  });

  test('marks jobs known only from a host, and makes room for requested ones', async () => {
    const host = new JobHost('hv01', clock, 2);
    write(
      host,
      Array.from({ length: 10 }, (_, at) => ended(at, hour)),
    );
    const test = await serve([host], 10);
    expect(rows(test)).toHaveLength(10);
    const { job } = (await test.post(`/api/v1/vms/${guid(1)}/start`)).json<{ job: { id: string } }>();
    await until(() => host.running.has(guid(1)));
    host.succeed(guid(1));
    await until(() => test.store.get('job', job.id)?.state === 'succeeded');
    const { items } = (await test.get('/api/v1/jobs')).json<JobList>();
    expect(items.map(({ source }) => source)).toEqual(['service', ...Array<string>(9).fill('host')]);
    expect(items[0]).toMatchObject({ id: job.id, actor: 'Local administrator' });
    expect(items[1]).toMatchObject({ actor: 'Ada' });
  });

  test('names the VM of a job once it is seen on that host, and never one that another host has', async () => {
    const liar = new JobHost('hv00', clock, 0);
    const owner = new JobHost('hv01', clock, 0);
    write(liar, [ended(1, hour, { vmId: guid(7) })]);
    write(owner, [ended(2, hour, { vmId: guid(7) })]);
    const test = await serve([liar, owner], 10);
    const vmIds = (): (string | null)[] =>
      rows(test).map(({ id }) => test.store.get('job', id)?.subject.id ?? null);
    expect(vmIds()).toEqual([null, null]);
    owner.host.setVm(vmFacts(guid(7), { name: 'VM-7' }));
    await until(() => test.store.get('vm', guid(7)) !== undefined);
    await clock.advance(10);
    expect(test.store.get('job', ended(2, 0).operationId)).toMatchObject({
      subject: { kind: 'vm', id: guid(7), name: 'VM-7' },
      title: 'Start VM-7',
    });
    expect(test.store.get('job', ended(1, 0).operationId)).toMatchObject({
      subject: { kind: 'vm', id: null, name: null },
    });
  });

  test('changes nothing about a job that the service knows', async () => {
    const host = new JobHost('hv00', clock, 1);
    const late = new JobHost('hv01', clock, 0);
    late.host.fault = 'refuse';
    app = await startTestApp({ hosts: [host.host, late.host], clock });
    const { store } = app;
    const { job } = (await app.post(`/api/v1/vms/${guid(1)}/start`)).json<{ job: { id: string } }>();
    await until(() => host.running.has(guid(1)));
    write(late, [ended(1, 0, { operationId: job.id, actor: 'Mallory' })]);
    late.host.fault = undefined;
    await clock.advance(30_000);
    await until(() => late.asked('operation.list').length === 1);
    await clock.advance(10);
    expect(store.get('job', job.id)).toMatchObject({ hostId: 'hv00', state: 'running', source: 'service' });
  });
});
