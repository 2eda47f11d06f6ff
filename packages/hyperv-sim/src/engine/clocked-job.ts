import type { EngineClock } from './clock.ts';
import type { RunningJob } from './engine-job.ts';

const tickMs = 1_000;

/** Runs a job that is not a transition of a VM for `durationMs`, then calls its end. Stops when the job has ended. */
export function runClocked(clock: EngineClock, job: RunningJob, duration: number, done: () => void): void {
  // Whole milliseconds: added to the time since 1970, fractions get lost and the end would never be reached.
  const durationMs = Math.ceil(duration);
  const startedAt = clock.now();
  const arm = (): void => {
    const left = startedAt + durationMs - clock.now();
    clock.schedule(Math.max(0, Math.min(tickMs, left)), () => {
      if (job.state !== 'running') return;
      const elapsed = clock.now() - startedAt;
      if (elapsed >= durationMs) {
        done();
        return;
      }
      job.progress((100 * elapsed) / durationMs);
      arm();
    });
  };
  arm();
}
