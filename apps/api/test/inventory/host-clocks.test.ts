import type { HostDetail, JobList, JournalEntry, Vm } from '@aether-v/types';
import { afterEach, describe, expect, test } from 'vitest';
import { guid, hostFacts, vmFacts } from '../support/facts.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { JobHost } from '../support/job-host.ts';
import { startTestApp, until, type TestApp } from '../support/test-app.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** A host whose clock is off, in the whole service. */
class Skewed {
  readonly clock = new FakeClock();
  readonly host = new JobHost('hv01', this.clock, 0);
  readonly #ahead: number;
  app!: TestApp;

  constructor(ahead: number, watches = true) {
    this.#ahead = ahead;
    this.host.host.watches = watches;
    this.host.host.clockAheadMs = ahead;
  }

  /** A moment so long ago, as the host writes it. */
  hostTime(before = 0): string {
    return new Date(this.clock.now() + this.#ahead - before).toISOString();
  }

  /** The same moment by the clock of the service. */
  serviceTime(before = 0): string {
    return new Date(this.clock.now() - before).toISOString();
  }

  async start(): Promise<void> {
    this.app = await startTestApp({ hosts: [this.host.host], clock: this.clock });
  }

  /** The host samples what it uses. */
  async sample(): Promise<void> {
    const sampledAt = this.hostTime();
    this.host.host.tell({
      kind: 'usage',
      host: { hostId: 'hv01', sampledAt, cpuPercent: 1, memoryAvailable: 1 },
      vms: [{ vmId: guid(1), sampledAt, cpuPercent: 1, memoryAssigned: 1, memoryDemand: null }],
    });
    await this.clock.advance(10);
  }

  async get<T>(path: string): Promise<T> {
    return (await this.app.get(`/api/v1/${path}`)).json<T>();
  }
}

function entry(skewed: Skewed, more: Partial<JournalEntry> = {}): JournalEntry {
  return {
    operationId: '01976a3c-0000-7000-8000-000000000001',
    op: 'vm.start',
    state: 'succeeded',
    vmId: null,
    actor: 'Ada',
    startedAt: skewed.hostTime(2 * hour),
    finishedAt: skewed.hostTime(hour),
    percent: 100,
    message: null,
    ...more,
  };
}

let skewed: Skewed | undefined;

function serve(ahead: number, watches = true): Skewed {
  skewed = new Skewed(ahead, watches);
  return skewed;
}

afterEach(async () => {
  await skewed?.app.app.close();
  skewed = undefined;
});

describe('a host whose clock is an hour off', () => {
  describe.each([
    ['ahead', hour],
    ['behind', -hour],
  ])('%s', (word, ahead) => {
    test('jobs from its journal have the service’s times', async () => {
      const test = serve(ahead);
      test.host.journal.set(entry(test).operationId, entry(test));
      await test.start();
      await until(() => test.app.store.rows('job').size === 1);
      const began = { before: test.clock.now() };
      await test.sample();
      const passed = test.clock.now() - began.before;
      const [job] = (await test.get<JobList>('jobs')).items;
      expect(job).toMatchObject({
        createdAt: test.serviceTime(2 * hour + passed),
        startedAt: test.serviceTime(2 * hour + passed),
        finishedAt: test.serviceTime(hour + passed),
      });
    });

    test('its journal is read from a day ago by its own clock', async () => {
      const test = serve(ahead, false);
      test.host.host.usage = true;
      await test.start();
      await until(() => test.host.asked('operation.list').length === 1);
      expect(test.host.asked('operation.list')[0]?.request).toEqual({ since: test.hostTime(day) });
    });

    test('VMs, checkpoints, samples and its boot time have the service’s times', async () => {
      const test = serve(ahead);
      const { host } = test.host;
      const checkpoint = {
        id: guid(9),
        parentId: null,
        name: 'c',
        type: null,
        automatic: false,
        current: true,
      };
      const at = test.serviceTime(hour / 2);
      host.setVm(
        vmFacts(guid(1), {
          createdAt: test.hostTime(hour / 2),
          startedAt: test.hostTime(hour / 2),
          checkpoints: [{ ...checkpoint, createdAt: test.hostTime(hour / 2) }],
        }),
      );
      await test.start();
      host.tell({ kind: 'host', host: hostFacts('hv01', { bootedAt: test.hostTime(hour / 2) }) });
      await test.sample();
      const sampledAt = test.serviceTime(10);
      expect(await test.get<Vm>(`vms/${guid(1)}`)).toMatchObject({
        createdAt: at,
        startedAt: at,
        checkpoints: [{ createdAt: at }],
      });
      expect(await test.get(`vms/${guid(1)}/usage`)).toMatchObject({ sampledAt });
      expect(await test.get<HostDetail>('hosts/hv01')).toMatchObject({
        clockOffsetMs: ahead,
        facts: { bootedAt: at },
        usage: { sampledAt },
        problems: [{ part: 'clock', message: expect.stringContaining(`60 minutes ${word}`) as string }],
      });
    });

    test('a heartbeat measures its offset', async () => {
      const test = serve(ahead);
      await test.start();
      expect((await test.get<HostDetail>('hosts/hv01')).clockOffsetMs).toBeNull();
      await test.clock.advance(20_000);
      expect((await test.get<HostDetail>('hosts/hv01')).clockOffsetMs).toBe(ahead);
    });

    test('the log and the end of a running job have the service’s times', async () => {
      const test = serve(ahead);
      test.host.host.setVm(vmFacts(guid(1), { state: 'Off', startedAt: null }));
      await test.start();
      await test.sample();
      const { job } = (await test.app.post(`/api/v1/vms/${guid(1)}/start`)).json<{ job: { id: string } }>();
      await until(() => test.host.running.has(guid(1)));
      test.host.say(guid(1), { type: 'log', at: test.hostTime(), level: 'info', message: 'Half way.' });
      await test.clock.advance(1000);
      const log = await test.get<{ items: { at: string }[] }>(`jobs/${job.id}/log`);
      expect(log.items.map(({ at }) => at)).toEqual([test.serviceTime(1000)]);
      const finishedAt = test.hostTime();
      test.host.journal.set(
        job.id,
        entry(test, { operationId: job.id, startedAt: test.hostTime(1000), finishedAt }),
      );
      const endedAt = test.serviceTime();
      test.host.host.cut();
      await test.clock.advance(minute);
      expect(await test.get(`jobs/${job.id}`)).toMatchObject({ state: 'succeeded', finishedAt: endedAt });
    });
  });
});

test.each([
  [2 * minute - 1, false],
  [2 * minute, true],
  [-2 * minute + 1, false],
  [-2 * minute, true],
])('a host whose clock is %d ms ahead gets a warning: %s', async (ahead, isWarned) => {
  const test = serve(ahead);
  await test.start();
  await test.sample();
  const { problems } = await test.get<HostDetail>('hosts/hv01');
  expect(problems.map(({ part }) => part)).toEqual(isWarned ? ['clock'] : []);
});

test('a host whose clock was corrected loses its warning', async () => {
  const test = serve(hour);
  await test.start();
  await test.sample();
  expect((await test.get<HostDetail>('hosts/hv01')).problems).toHaveLength(1);
  test.host.host.clockAheadMs = 0;
  await test.clock.advance(2 * minute);
  expect(await test.get<HostDetail>('hosts/hv01')).toMatchObject({ clockOffsetMs: 0, problems: [] });
});

test('a clock that jumps with every line changes the rows of its VMs at most twice a minute', async () => {
  const test = serve(0);
  test.host.host.setVm(vmFacts(guid(1)));
  await test.start();
  let changes = 0;
  test.app.store.subscribe(({ kind }) => (changes += kind === 'vm' ? 1 : 0));
  for (let at = 0; at < 120; at += 1) {
    const sampledAt = new Date(test.clock.now() + at * hour).toISOString();
    test.host.host.tell({
      kind: 'usage',
      host: { hostId: 'hv01', sampledAt, cpuPercent: 1, memoryAvailable: 1 },
      vms: [],
    });
    await test.clock.advance(500);
  }
  expect(changes).toBeGreaterThan(0);
  expect(changes).toBeLessThanOrEqual(2);
});
