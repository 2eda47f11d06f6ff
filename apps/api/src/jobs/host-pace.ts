import type { Cancel, Clock } from '../common/clock.ts';

/** Interval between two writes of the rows of a host's jobs, in milliseconds. */
export const paceInterval = 250;

/** Rows of one host written per interval: as many as it has lanes. */
export const rowsPerInterval = 4;

/**
 * Limits how often hosts' messages change job rows: each job at most four times a second, all jobs of one host at most
 * sixteen times. The first message after a quiet period is written at once. The jobs of a host take turns.
 */
export class HostPace {
  readonly #clock: Clock;
  readonly #write: (jobId: string) => void;
  /** The jobs of each host that wait for their turn; a host is removed after a turn without a job. */
  readonly #due = new Map<string, Set<string>>();
  readonly #turns = new Map<string, Cancel>();

  /** @param write Writes the current row of a job. */
  constructor(clock: Clock, write: (jobId: string) => void) {
    this.#clock = clock;
    this.#write = write;
  }

  /** Writes the row of a job now, or when its turn comes. */
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

  /** Cancels all turns. */
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
