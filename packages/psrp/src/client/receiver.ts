import { setTimeout as delay } from 'node:timers/promises';
import type { ResponseOf } from '../wsman/index.ts';

/** Result of one Receive. */
export type Received = ResponseOf<'receive'> | 'nothing yet' | 'ended';

/**
 * Sends Receives one after the other, each only when `next()` needs more. Not an async generator: its `return()` would
 * wait behind a pending `next()` instead of cancelling the request.
 */
export class Receiver implements AsyncIterator<Uint8Array, undefined> {
  readonly #ask: (signal: AbortSignal) => Promise<Received>;
  readonly #caller: AbortSignal;
  readonly #abandon = new AbortController();
  readonly #ready: Uint8Array[] = [];
  #ended = false;
  #pauseMs = 0;

  constructor(ask: (signal: AbortSignal) => Promise<Received>, caller: AbortSignal) {
    this.#ask = ask;
    this.#caller = caller;
    caller.addEventListener('abort', this.#forward);
  }

  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    try {
      this.#caller.throwIfAborted();
      while (!this.#ended && this.#ready.length === 0) {
        await this.#pause();
        this.#take(await this.#asked());
      }
    } catch (error) {
      this.#finish();
      if (this.#abandon.signal.reason === abandoned) return { done: true, value: undefined };
      throw error;
    }
    const value = this.#ready.shift();
    if (value !== undefined) return { done: false, value };
    this.#finish();
    return { done: true, value: undefined };
  }

  return(): Promise<IteratorResult<Uint8Array, undefined>> {
    this.#abandon.abort(abandoned);
    this.#finish();
    return Promise.resolve({ done: true, value: undefined });
  }

  /** Makes one Receive. Polls a host that repeatedly responds at once without output with exponential backoff. */
  async #asked(): Promise<Received> {
    const since = performance.now();
    const answer = await this.#ask(this.#abandon.signal);
    const soon = performance.now() - since < promptAnswerMs;
    this.#pauseMs =
      isEmpty(answer) && soon ? Math.min(Math.max(minPauseMs, this.#pauseMs * 2), maxPauseMs) : 0;
    return answer;
  }

  async #pause(): Promise<void> {
    if (this.#pauseMs === 0) return;
    const { signal } = this.#abandon;
    await delay(this.#pauseMs, undefined, { signal }).catch(() => signal.throwIfAborted());
  }

  #take(answer: Received): void {
    if (answer === 'nothing yet') return;
    this.#ended = answer === 'ended' || answer.state?.done === true;
    if (answer === 'ended') return;
    this.#ready.push(...answer.chunks.map(({ data }) => data).filter(({ length }) => length > 0));
  }

  #finish(): void {
    this.#ended = true;
    this.#ready.length = 0;
    this.#caller.removeEventListener('abort', this.#forward);
  }

  readonly #forward = (): void => this.#abandon.abort(this.#caller.reason);
}

/** Limits polling of a host that responds at once without output instead of holding the long poll. */
const promptAnswerMs = 1_000;
const minPauseMs = 10;
const maxPauseMs = 1_000;

function isEmpty(answer: Received): boolean {
  if (answer === 'nothing yet') return true;
  return answer !== 'ended' && answer.chunks.every(({ data }) => data.length === 0);
}

/** Abort reason of requests whose reader has stopped reading. */
const abandoned = new Error('The reader stopped before the response arrived');
