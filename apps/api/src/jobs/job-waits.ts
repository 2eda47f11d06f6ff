import { Inject, Injectable } from '@nestjs/common';
import { clockToken } from '../common/clock.token.ts';
import type { Clock } from '../common/clock.ts';
import { awaitChange } from '../inventory/await-change.ts';
import { FleetStore } from '../inventory/fleet-store.ts';
import { JobQueue } from './job-queue.ts';
import { isEnded, type JobRow } from './job-transitions.ts';

/** Waits for the ends of jobs on behalf of requests. */
@Injectable()
export class JobWaits {
  constructor(
    private readonly store: FleetStore,
    private readonly queue: JobQueue,
    @Inject(clockToken) private readonly clock: Clock,
  ) {}

  /**
   * Returns the job when it ends, or as it is when the time is over, the signal is aborted or the service shuts down.
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
