import { Inject, Injectable } from '@nestjs/common';
import { clockToken } from '../common/clock.token.ts';
import type { Clock } from '../common/clock.ts';
import { awaitChange } from '../inventory/await-change.ts';
import { FleetStore } from '../inventory/fleet-store.ts';
import { JobQueue } from './job-queue.ts';
import { isEnded, type JobRow } from './job-transitions.ts';

/** The time after which a reachable host has been read again, in milliseconds. */
const readAgainWithin = 60_000;

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

  /**
   * Resolves when the rows of the fleet show what a job has done: when it has ended, or when its outcome has been unknown
   * for a minute while its host was reachable, and at the latest on timeout or shutdown.
   *
   * @param timeoutMs The maximum wait, in milliseconds.
   */
  async untilShown(job: JobRow, timeoutMs: number): Promise<void> {
    const { shutdown: signal } = this.queue;
    const deadline = this.clock.now() + timeoutMs;
    let latest = job;
    let unknownSince: number | undefined;
    while (!isEnded(latest) && !signal.aborted) {
      const now = this.clock.now();
      unknownSince = this.#isUnknownOnReachable(latest) ? (unknownSince ?? now) : undefined;
      const isShown = unknownSince !== undefined && now - unknownSince >= readAgainWithin;
      if (isShown || now >= deadline) return;
      const wait = latest.state === 'unknown' ? readAgainWithin : deadline - now;
      await awaitChange(
        this.store,
        { kind: 'job', id: job.id },
        { clock: this.clock, timeoutMs: Math.min(wait, deadline - now), signal },
      );
      latest = this.store.get('job', job.id) ?? latest;
    }
  }

  #isUnknownOnReachable({ state, hostId }: JobRow): boolean {
    if (state !== 'unknown' || hostId === null) return false;
    return this.store.get('host', hostId)?.connection.state === 'connected';
  }
}
