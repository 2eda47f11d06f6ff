import { checkOptions, rules, type OptionRules } from '../core/index.ts';
import type { Sender } from './sender.ts';

/** Options of a call to a pool. */
export interface PoolCallOptions {
  /** Stops waiting for the response. */
  readonly signal?: AbortSignal;
}

const callRules: OptionRules<PoolCallOptions> = { signal: rules.signal };

/** Pending calls to a pool; RUNSPACE_AVAILABILITY messages resolve them. */
export class PoolCalls {
  readonly #sender: Sender;
  readonly #life: AbortSignal;
  readonly #waiting = new Map<bigint, PromiseWithResolvers<boolean | number>>();

  constructor(sender: Sender, life: AbortSignal) {
    this.#sender = sender;
    this.#life = life;
  }

  /**
   * Makes a call and waits for its response.
   *
   * @param ask queues the call and returns its id.
   */
  async call(ask: () => bigint, options: PoolCallOptions): Promise<boolean | number> {
    checkOptions(options, callRules);
    const { signal } = options;
    signal?.throwIfAborted();
    const callId = ask();
    const answer = Promise.withResolvers<boolean | number>();
    const onAbort = (): void => answer.reject(signal?.reason);
    signal?.addEventListener('abort', onAbort, { once: true });
    this.#waiting.set(callId, answer);
    this.#sender.flush(this.#life).catch((error: unknown) => answer.reject(error));
    try {
      return await answer.promise;
    } finally {
      this.#waiting.delete(callId);
      signal?.removeEventListener('abort', onAbort);
    }
  }

  /** Resolves the call with this id. */
  answer(callId: bigint, answer: boolean | number): void {
    this.#waiting.get(callId)?.resolve(answer);
  }

  /** Rejects all pending calls. */
  fail(reason: unknown): void {
    for (const answer of this.#waiting.values()) answer.reject(reason);
  }
}
