import type { ResponseOf } from '../wsman/index.ts';

/** What one Receive brought. */
export type Received = ResponseOf<'receive'> | 'nothing yet' | 'ended';

/**
 * Receives one after the other, each only when asked for more. Not an async generator: its `return()` would wait behind
 * a `next()` that waits for the host, where it is meant to give that request up.
 */
export class Receiver implements AsyncIterator<Uint8Array, undefined> {
  readonly #ask: (signal: AbortSignal) => Promise<Received>;
  readonly #caller: AbortSignal;
  readonly #abandon = new AbortController();
  readonly #ready: Uint8Array[] = [];
  #ended = false;

  constructor(ask: (signal: AbortSignal) => Promise<Received>, caller: AbortSignal) {
    this.#ask = ask;
    this.#caller = caller;
    caller.addEventListener('abort', this.#forward);
  }

  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    try {
      this.#caller.throwIfAborted();
      while (!this.#ended && this.#ready.length === 0) {
        const answer = await this.#ask(this.#abandon.signal);
        if (answer === 'nothing yet') continue;
        this.#ended = answer === 'ended' || answer.state?.done === true;
        if (answer !== 'ended') this.#ready.push(...answer.chunks.map((chunk) => chunk.data));
      }
    } catch (error) {
      this.#finish();
      if (this.#abandon.signal.reason === ABANDONED) return { done: true, value: undefined };
      throw error;
    }
    const value = this.#ready.shift();
    if (value !== undefined) return { done: false, value };
    this.#finish();
    return { done: true, value: undefined };
  }

  return(): Promise<IteratorResult<Uint8Array, undefined>> {
    this.#abandon.abort(ABANDONED);
    this.#finish();
    return Promise.resolve({ done: true, value: undefined });
  }

  #finish(): void {
    this.#ended = true;
    this.#ready.length = 0;
    this.#caller.removeEventListener('abort', this.#forward);
  }

  readonly #forward = (): void => this.#abandon.abort(this.#caller.reason);
}

/** The reason of requests whose reader went away. */
const ABANDONED = new Error('Nobody reads any more');
