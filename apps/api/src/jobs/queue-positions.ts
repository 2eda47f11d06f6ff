import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { clockToken } from '../common/clock.token.ts';
import type { Cancel, Clock } from '../common/clock.ts';
import { JobRows } from './job-rows.ts';

/** Interval between two updates of the positions on one host, in milliseconds. */
export const positionInterval = 1000;

/** The number of first positions that are exact. */
const exactPositions = 10;

/** The tolerated deviation of the others, as a part of the position. */
const tolerance = 0.25;

/**
 * Writes the queue positions of waiting jobs into their rows. Every job that leaves a queue changes the positions of all
 * behind it, so a host's rows are updated at most once per interval, and those far behind only after a larger change.
 */
@Injectable()
export class QueuePositions implements OnApplicationShutdown {
  /** The waiting jobs of each host, in the order of their arrival. */
  readonly #waiting = new Map<string, Set<string>>();
  readonly #due = new Map<string, Cancel>();

  constructor(
    private readonly rows: JobRows,
    @Inject(clockToken) private readonly clock: Clock,
  ) {}

  onApplicationShutdown(): void {
    for (const cancel of this.#due.values()) cancel();
    this.#due.clear();
  }

  /** Returns the number of waiting jobs per host. */
  get lengths(): ReadonlyMap<string, number> {
    return new Map([...this.#waiting].map(([hostId, jobs]) => [hostId, jobs.size]));
  }

  /** Adds a job that begins to wait. */
  enter(hostId: string, jobId: string): void {
    const waiting = this.#waiting.get(hostId) ?? new Set<string>();
    this.#waiting.set(hostId, waiting);
    this.#write(jobId, waiting.size);
    waiting.add(jobId);
  }

  /** Removes a job that starts or was removed from its queue. */
  leave(hostId: string, jobId: string): void {
    const waiting = this.#waiting.get(hostId);
    if (waiting?.delete(jobId) !== true) return;
    if (waiting.size === 0) this.#waiting.delete(hostId);
    this.#write(jobId, null);
    if (waiting.size === 0 || this.#due.has(hostId)) return;
    this.#due.set(
      hostId,
      this.clock.schedule(positionInterval, () => this.#update(hostId)),
    );
  }

  #update(hostId: string): void {
    this.#due.delete(hostId);
    for (const [position, jobId] of [...(this.#waiting.get(hostId) ?? [])].entries()) {
      const shown = this.rows.get(jobId)?.queuePosition ?? Infinity;
      const isClose = position >= exactPositions && Math.abs(shown - position) <= position * tolerance;
      if (shown !== position && !isClose) this.#write(jobId, position);
    }
  }

  #write(jobId: string, queuePosition: number | null): void {
    this.rows.update(jobId, (job) => (job.queuePosition === queuePosition ? job : { ...job, queuePosition }));
  }
}
