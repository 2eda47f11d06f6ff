import { isJobFinal, type Job, type JobAccepted, type JournalEntry } from '@aether-v/types';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { guid } from '../support/facts.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { JobHost } from '../support/job-host.ts';
import { startTestApp } from '../support/test-app.ts';

const error = (code: string): object => ({ code, message: `It is ${code}.`, remedy: null });

/** What may happen to an operation that a host runs. */
const events = [
  'succeed',
  'answer for another VM',
  'succeed without effect',
  'fail',
  'cancelled',
  'outcome-unknown',
  'already-running',
  'break the contract',
  'lose',
  'return',
  'journal running',
  'journal succeeded',
  'journal failed',
  'journal unknown',
  'cancel',
  'second',
  'minute',
] as const;

type Event = (typeof events)[number];

const lines: Partial<Record<Event, (vmId: string) => { type: string; [field: string]: unknown }>> = {
  succeed: (vmId) => ({ type: 'result', result: { vmId, state: 'Running' } }),
  'answer for another VM': () => ({ type: 'result', result: { vmId: guid(99), state: 'Running' } }),
  'succeed without effect': (vmId) => ({ type: 'result', result: { vmId, state: 'Off' } }),
  fail: () => ({ type: 'error', error: error('agent-error') }),
  cancelled: () => ({ type: 'error', error: error('cancelled') }),
  'outcome-unknown': () => ({ type: 'error', error: error('outcome-unknown') }),
  'already-running': () => ({ type: 'error', error: error('already-running') }),
  'break the contract': () => ({ type: 'result', result: 'done' }),
};

test('a job never reports a success that no host reported, begins once, and ends or is unknown with a reason', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...events), { maxLength: 12 }), async (sequence) => {
      const clock = new FakeClock();
      const hv = new JobHost('hv01', clock, 1);
      const app = await startTestApp({ hosts: [hv.host], clock });
      try {
        const response = await app.post(`/api/v1/vms/${guid(1)}/start`);
        const { job } = response.json<JobAccepted>();
        await clock.advance(10);
        const read = (): Job | undefined => app.store.get('job', job.id);
        let toldSuccess = false;
        const journal = (state: JournalEntry['state']): void => {
          const at = new Date(clock.now()).toISOString();
          const finishedAt = state === 'running' ? null : at;
          const base = { operationId: job.id, op: 'vm.start', vmId: guid(1), actor: 'Ada', startedAt: at };
          hv.journal.set(job.id, { ...base, state, finishedAt, percent: null, message: null });
          if (state === 'succeeded') toldSuccess = true;
        };
        for (const event of sequence) {
          const line = lines[event];
          if (line !== undefined) {
            if (!hv.running.has(guid(1))) continue;
            if (event === 'succeed') toldSuccess = true;
            hv.say(guid(1), line(guid(1)));
          } else if (event === 'lose') {
            hv.host.fault = 'refuse';
            hv.host.cut();
          } else if (event === 'return') hv.host.fault = undefined;
          else if (event === 'cancel') await app.post(`/api/v1/jobs/${job.id}/cancel`);
          else if (event.startsWith('journal ')) journal(event.slice(8) as JournalEntry['state']);
          await clock.advance(event === 'minute' ? 60_000 : event === 'second' ? 1000 : 10);
          if (read()?.state === 'succeeded') expect(toldSuccess).toBe(true);
        }
        // In the end the host is there, and its journal says no more than it did.
        hv.host.fault = undefined;
        if (hv.journal.get(job.id)?.state === 'running') journal('failed');
        await clock.advance(400_000);
        const last = read();
        if (last?.state === 'succeeded') expect(toldSuccess).toBe(true);
        expect(hv.asked('vm.start').length).toBeLessThanOrEqual(1);
        expect(last?.state === 'unknown' ? last.error : isJobFinal(last?.state ?? 'queued')).toBeTruthy();
      } finally {
        await app.app.close();
      }
    }),
    { numRuns: 25 },
  );
});
