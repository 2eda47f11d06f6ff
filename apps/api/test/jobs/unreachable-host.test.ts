import type { Job, JobAccepted } from '@aether-v/types';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { guid } from '../support/facts.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { JobHost } from '../support/job-host.ts';
import { startTestApp, until, type TestApp } from '../support/test-app.ts';

let clock: FakeClock;
let hv: JobHost;
let app: TestApp;
let jobs: Job[];

/** Four jobs run, four wait, and then the host is lost. */
beforeEach(async () => {
  clock = new FakeClock();
  hv = new JobHost('hv01', clock, 8);
  app = await startTestApp({ hosts: [hv.host], clock });
  jobs = [];
  for (let at = 1; at <= 8; at += 1) {
    jobs.push((await app.post(`/api/v1/vms/${guid(at)}/start`)).json<JobAccepted>().job);
  }
  await until(() => hv.running.size === 4);
  hv.host.fault = 'refuse';
  hv.host.cut();
  await until(() =>
    states()
      .slice(0, 4)
      .every((state) => state === 'unknown'),
  );
});

afterEach(() => app.app.close());

const states = (): (Job['state'] | undefined)[] => jobs.map(({ id }) => app.store.get('job', id)?.state);
const waiting = (): Job[] => jobs.slice(4).flatMap(({ id }) => app.store.get('job', id) ?? []);

describe('the queued jobs of an unreachable host', () => {
  test('wait, and begin when it is back within a minute', async () => {
    await clock.advance(20_000);
    expect(states().slice(4)).toEqual(Array(4).fill('queued'));
    expect(waiting()[0]).toMatchObject({
      startedAt: null,
      message: expect.stringContaining('Waiting') as string,
    });
    hv.host.fault = undefined;
    await clock.advance(30_000);
    expect(states().slice(4)).toEqual(Array(4).fill('running'));
    const begun = hv.asked('vm.start').map(({ id }) => id);
    expect(begun.toSorted()).toEqual(jobs.map(({ id }) => id).toSorted());
  });

  test('end together after a minute, without having begun', async () => {
    await clock.advance(50_000);
    expect(new Set(states().slice(4))).toEqual(new Set(['queued']));
    await clock.advance(15_000);
    expect(new Set(states().slice(4))).toEqual(new Set(['failed']));
    expect(new Set(waiting().map(({ finishedAt }) => finishedAt)).size).toBe(1);
    for (const { error, startedAt } of waiting()) {
      expect(error).toMatchObject({
        code: 'host-unreachable',
        message: expect.stringContaining('did not start') as string,
      });
      expect(startedAt).toBeNull();
    }
    hv.host.fault = undefined;
    await clock.advance(120_000);
    expect(hv.asked('vm.start')).toHaveLength(4);
  });

  test('can be cancelled while they wait, and then never begin', async () => {
    const [first] = waiting();
    expect(first?.cancellable).toBe(true);
    const { job } = (await app.post(`/api/v1/jobs/${first?.id}/cancel`)).json<JobAccepted>();
    expect(job).toMatchObject({ state: 'cancelled', cancelOutcome: 'cancelled' });
    hv.host.fault = undefined;
    await clock.advance(45_000);
    expect(states().slice(4)).toEqual(['cancelled', 'running', 'running', 'running']);
    expect(hv.asked('vm.start').map(({ id }) => id)).not.toContain(first?.id);
  });
});
