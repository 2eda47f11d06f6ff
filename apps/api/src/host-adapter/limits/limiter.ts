/** Gives a place back; calling it again does nothing. */
export type Release = () => void;

interface Waiter {
  readonly admit: () => void;
}

/** Lets at most so many through at a time; the others wait in the order in which they came. */
export class Limiter {
  readonly #places: number;
  readonly #waiting = new Set<Waiter>();
  #taken = 0;

  constructor(places: number) {
    this.#places = places;
  }

  /** How many places are taken. */
  get taken(): number {
    return this.#taken;
  }

  /** Waits for a place. Rejects with the signal's reason when it is aborted before there is one. */
  async acquire(signal: AbortSignal): Promise<Release> {
    signal.throwIfAborted();
    if (this.#taken < this.#places) this.#taken += 1;
    else await this.#wait(signal);
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#passOn();
    };
  }

  #wait(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const giveUp = (): void => {
        this.#waiting.delete(waiter);
        reject(signal.reason as Error);
      };
      const waiter: Waiter = {
        admit: () => {
          signal.removeEventListener('abort', giveUp);
          resolve();
        },
      };
      signal.addEventListener('abort', giveUp, { once: true });
      this.#waiting.add(waiter);
    });
  }

  /** The place goes to who waits longest, without becoming free in between. */
  #passOn(): void {
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#taken -= 1;
      return;
    }
    this.#waiting.delete(next);
    next.admit();
  }
}
