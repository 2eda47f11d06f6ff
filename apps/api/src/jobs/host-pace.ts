import type { Cancel, Clock } from '../common/clock.ts';

/** How long a host's jobs wait between two writes of their rows, in milliseconds. */
export const paceInterval = 250;

/** How many rows of one host are written each time: as many as have a lane of their own. */
export const rowsPerInterval = 4;

/**
 * Limits how often the rows of jobs change by what their hosts say: each job's at most four times a second, all jobs' of
 * one host at most sixteen times. What is said first after a quiet time is written at once. Jobs of a host take turns.
 */
export class HostPace {
  readonly #clock: Clock;
  readonly #write: (jobId: string) => void;
  /** The jobs of each host that wait for their turn; a host is in it until a turn passes without a job. */
  readonly #due = new Map<string, Set<string>>();
  readonly #turns = new Map<string, Cancel>();

  /** @param write Writes the row of a job as it now is. */
  constructor(clock: Clock, write: (jobId: string) => void) {
    this.#clock = clock;
    this.#write = write;
  }

  /** Has the row of a job written, now or when its turn comes. */
  request(hostId: string, jobId: string): void {
    const due = this.#due.get(hostId);
    if (due !== undefined) {
      due.add(jobId);
      return;
    }
    this.#due.set(hostId, new Set());
    this.#schedule(hostId);
    this.#write(jobId);
  }

  /** Ends all turns. */
  stop(): void {
    for (const cancel of this.#turns.values()) cancel();
    this.#turns.clear();
  }

  #schedule(hostId: string): void {
    this.#turns.set(
      hostId,
      this.#clock.schedule(paceInterval, () => this.#takeTurn(hostId)),
    );
  }

  #takeTurn(hostId: string): void {
    const due = this.#due.get(hostId);
    const now = [...(due ?? [])].slice(0, rowsPerInterval);
    if (now.length === 0) {
      this.#due.delete(hostId);
      this.#turns.delete(hostId);
      return;
    }
    for (const jobId of now) due?.delete(jobId);
    this.#schedule(hostId);
    for (const jobId of now) this.#write(jobId);
  }
}
