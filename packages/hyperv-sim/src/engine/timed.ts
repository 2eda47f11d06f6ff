import type { RunningJob } from './engine-job.ts';
import type { Machine } from './machine.ts';

const tickMs = 1_000;

/** Runs a transition for `durationMs`, with progress from `from` to 99 percent every second, then calls its end. */
export function runTimed(machine: Machine, job: RunningJob, durationMs: number, done: () => void): void {
  const { clock } = machine.surroundings;
  const startedAt = clock.now();
  const arm = (): void => {
    const left = startedAt + durationMs - clock.now();
    machine.after(Math.max(0, Math.min(tickMs, left)), () => {
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
