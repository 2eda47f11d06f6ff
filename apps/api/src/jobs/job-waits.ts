import { Inject, Injectable } from '@nestjs/common';
import { clockToken } from '../common/clock.token.ts';
import type { Clock } from '../common/clock.ts';
import { awaitChange } from '../inventory/await-change.ts';
import { FleetStore } from '../inventory/fleet-store.ts';
import { JobQueue } from './job-queue.ts';
import { isEnded, type JobRow } from './job-transitions.ts';

/** Lets requests wait until a job has ended. */
@Injectable()
export class JobWaits {
  constructor(
    private readonly store: FleetStore,
    private readonly queue: JobQueue,
    @Inject(clockToken) private readonly clock: Clock,
  ) {}

  /**
   * Resolves with the job when it has ended, or in its current state on timeout, abort or shutdown.
   *
   * @param timeoutMs The maximum wait, in milliseconds.
   */
  async untilEnd(job: JobRow, timeoutMs: number, signal: AbortSignal): Promise<JobRow> {
    const deadline = this.clock.now() + timeoutMs;
    const stop = AbortSignal.any([signal, this.queue.shutdown]);
    let latest = job;
    while (!isEnded(latest) && !stop.aborted) {
      const left = deadline - this.clock.now();
      if (left <= 0) break;
      await awaitChange(
        this.store,
        { kind: 'job', id: job.id },
        { clock: this.clock, timeoutMs: left, signal: stop },
      );
      latest = this.store.get('job', job.id) ?? latest;
    }
    return latest;
  }
}
