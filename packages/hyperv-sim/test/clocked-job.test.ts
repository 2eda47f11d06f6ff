import { expect, test } from 'vitest';
import { runClocked } from '../src/engine/clocked-job.ts';
import { RunningJob } from '../src/engine/engine-job.ts';

test('a job whose duration is not a whole number of milliseconds ends', () => {
  for (let part = 0; part < 1; part += 0.001) {
    let now = Date.UTC(2026, 0, 14, 9, 30);
    const due: { readonly at: number; readonly action: () => void }[] = [];
    const clock = {
      now: () => now,
      schedule: (delayMs: number, action: () => void) => {
        due.push({ at: now + delayMs, action });
        return () => undefined;
      },
    };
    const job = new RunningJob('Merge', '', 'Merging');
    runClocked(clock, job, 10 + part, () => job.complete());
    for (let turn = 0; turn < 50 && job.state === 'running'; turn++) {
      const next = due.shift();
      now = next?.at ?? now;
      next?.action();
    }
    expect(job.state, `10 ms and ${part}`).toBe('completed');
  }
});
