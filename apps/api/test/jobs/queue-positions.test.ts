import type { Job, JobAccepted } from '@aether-v/types';
import { describe, expect, test, vi } from 'vitest';
import { newOperationId } from '../../src/common/operation-id.ts';
import { FleetStore } from '../../src/inventory/fleet-store.ts';
import { JobRows } from '../../src/jobs/job-rows.ts';
import { queuedJob } from '../../src/jobs/job-transitions.ts';
import { positionInterval, QueuePositions } from '../../src/jobs/queue-positions.ts';
import { guid } from '../support/facts.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { JobHost } from '../support/job-host.ts';
import { MemoryAudit } from '../support/memory-audit.ts';
import { startTestApp, until } from '../support/test-app.ts';

describe('the queue positions of a host', () => {
  test('count the waiting jobs before each job, and are null for those that run', async () => {
    const clock = new FakeClock();
    const hv = new JobHost('hv01', clock, 7);
    const service = await startTestApp({ hosts: [hv.host], clock });
    const ids: string[] = [];
    for (let at = 1; at <= 7; at += 1) {
      const { job } = (await service.post(`/api/v1/vms/${guid(at)}/start`)).json<JobAccepted>();
      ids.push(job.id);
    }
    const shown = (): (number | null | undefined)[] =>
      ids.map((id) => service.store.get('job', id)?.queuePosition);
    await until(() => hv.running.size === 4);
    expect(shown()).toEqual([null, null, null, null, 0, 1, 2]);
    const read = (await service.get(`/api/v1/jobs/${ids[6]}`)).json<Job>();
    expect(read).toMatchObject({ state: 'queued', queuePosition: 2 });
    hv.succeed(guid(1));
    await until(() => hv.running.has(guid(5)));
    await clock.advance(positionInterval);
    expect(shown()).toEqual([null, null, null, null, null, 0, 1]);
    await service.post(`/api/v1/jobs/${ids[5]}/cancel`);
    await clock.advance(positionInterval);
    expect(shown()).toEqual([null, null, null, null, null, null, 0]);
    await service.app.close();
  });

  test('are written rarely: once per interval, and far behind only after a larger change', async () => {
    const clock = new FakeClock();
    const store = new FleetStore({ clock });
    const rows = new JobRows(store, new MemoryAudit(), { jobHistory: 1000 }, clock);
    const positions = new QueuePositions(rows, clock);
    const ids = Array.from({ length: 200 }, () => newOperationId(clock.now()));
    for (const id of ids) {
      const about = { subject: { kind: 'none', id: null, name: null }, hostId: 'hv01' } as const;
      rows.add(
        queuedJob(
          { id, command: 'vm.start', title: 'x', ...about, actor: 'x', source: 'service' },
          rows.now(),
        ),
      );
      positions.enter('hv01', id);
    }
    expect(rows.get(ids[199] ?? '')?.queuePosition).toBe(199);
    const put = vi.spyOn(store, 'put');
    for (const [done, id] of ids.entries()) {
      positions.leave('hv01', id);
      await clock.advance(positionInterval);
      for (const [at, waiting] of ids.slice(done + 1).entries()) {
        const shown = rows.get(waiting)?.queuePosition ?? -1;
        if (at < 10) expect(shown).toBe(at);
        else expect(Math.abs(shown - at)).toBeLessThanOrEqual(at / 4);
      }
    }
    // Without the tolerance it would be about 20,000.
    expect(put.mock.calls.length).toBeLessThan(4000);
    put.mockClear();
    for (const id of ids) positions.enter('hv02', id);
    put.mockClear();
    for (const id of ids.slice(0, 50)) positions.leave('hv02', id);
    expect(put.mock.calls.length).toBe(50);
    positions.onApplicationShutdown();
  });
});
