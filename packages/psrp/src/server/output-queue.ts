import type { Clock } from './clock.ts';
import type { OutputSink } from './shell-backend.ts';
import type { OutputChunk, StoredOutput } from './stored-output.ts';

/** What a Receive takes out of a queue. */
export interface TakenOutput {
  readonly chunks: readonly OutputChunk[];
  /** Set with the last of it, after the backend ended the output. */
  readonly exitCode?: number;
}

/** How waiting for output ended. `gone` is the client's socket closing, `closed` the command or shell being closed. */
export type WaitResult = 'ready' | 'timeout' | 'gone' | 'closed';

/** How output waits for a client. */
export interface OutputQueueOptions {
  readonly clock: Clock;
  /** Bytes that may wait before `write` holds its caller back. */
  readonly highWaterMark: number;
  /** Where it waits. */
  readonly store: StoredOutput;
}

/** The reason of closed sinks; one for all, since making a DOMException with its stack costs more than closing. */
const closedReason = new Error('The client reads this output no longer');

/** Output of a shell or a command between the backend that writes it and the Receives that fetch it. */
export class OutputQueue {
  readonly #options: OutputQueueOptions;
  readonly #closing = new AbortController();
  readonly #waitingWriters: (() => void)[] = [];
  #exitCode: number | undefined;
  #wake: ((result: WaitResult) => void) | undefined;
  #reported = false;

  constructor(options: OutputQueueOptions) {
    this.#options = options;
  }

  get closed(): AbortSignal {
    return this.#closing.signal;
  }

  /** Whether the backend has ended the output. */
  get ended(): boolean {
    return this.#exitCode !== undefined;
  }

  /** Whether the end has been handed to a Receive. */
  get reported(): boolean {
    return this.#reported;
  }

  /** Whether a Receive is waiting. */
  get isAwaited(): boolean {
    return this.#wake !== undefined;
  }

  /** The sink of one stream; the end is that of all. */
  sink(stream: string): OutputSink {
    return {
      closed: this.closed,
      write: (data) => this.#write(stream, data),
      end: (exitCode) => this.end(exitCode),
    };
  }

  #write(stream: string, data: Uint8Array): Promise<void> {
    if (this.closed.aborted || this.#exitCode !== undefined || data.length === 0) return Promise.resolve();
    const { store, highWaterMark } = this.#options;
    try {
      store.push(stream, data);
    } catch {
      // The backend has failed: its client learns of an end that was not in order.
      this.end(1);
      return Promise.resolve();
    }
    if (store.size > 0) this.#wake?.('ready');
    if (store.size < highWaterMark) return Promise.resolve();
    return new Promise((resolve) => this.#waitingWriters.push(resolve));
  }

  end(exitCode = 0): void {
    if (this.#exitCode !== undefined) return;
    this.#exitCode = exitCode;
    this.#wake?.('ready');
  }

  /** No Receive will fetch any more: releases waiting writers and the waiting Receive. */
  close(): void {
    if (this.closed.aborted) return;
    this.#closing.abort(closedReason);
    this.#options.store.clear();
    this.#wake?.('closed');
    this.#release();
  }

  /** Sends the waiting Receive away; what is queued stays. */
  dismiss(): void {
    this.#wake?.('closed');
  }

  /** Waits until there is something to take. One Receive at a time: see `isAwaited`. */
  async wait(timeoutMs: number, gone: AbortSignal): Promise<WaitResult> {
    if (this.closed.aborted) return 'closed';
    if (gone.aborted) return 'gone';
    const leave = (): void => this.#wake?.('gone');
    gone.addEventListener('abort', leave);
    const cancel = this.#options.clock.schedule(timeoutMs, () => this.#wake?.('timeout'));
    const result = await new Promise<WaitResult>((resolve) => {
      this.#wake = resolve;
      if (this.#options.store.size > 0 || this.#exitCode !== undefined) resolve('ready');
    });
    cancel();
    // What is written in the same turn belongs to the same answer: the last output, the state and the end.
    if (result === 'ready') await new Promise((resolve) => setImmediate(resolve));
    gone.removeEventListener('abort', leave);
    this.#wake = undefined;
    if (isAborted(this.closed)) return 'closed';
    return isAborted(gone) ? 'gone' : result;
  }

  /** Takes up to so many bytes, and the end with the last of them. */
  take(limit: number): TakenOutput {
    const { store, highWaterMark } = this.#options;
    const chunks = store.take(limit);
    if (store.size < highWaterMark) this.#release();
    if (store.size > 0 || this.#exitCode === undefined) return { chunks };
    this.#reported = true;
    return { chunks, exitCode: this.#exitCode };
  }

  #release(): void {
    for (const resolve of this.#waitingWriters.splice(0)) resolve();
  }
}

/** Asked again after an await: TypeScript would go by what it was before. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
