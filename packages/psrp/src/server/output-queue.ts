import type { Clock } from './clock.ts';
import type { OutputSink } from './shell-backend.ts';
import type { OutputChunk, StoredOutput } from './stored-output.ts';

/** Output for one Receive. */
export interface TakenOutput {
  readonly chunks: readonly OutputChunk[];
  /** Present with the last output, after the backend has ended it. */
  readonly exitCode?: number;
}

/** Result of waiting for output. `gone`: the client's socket has closed; `closed`: the command or shell was closed. */
export type WaitResult = 'ready' | 'timeout' | 'gone' | 'closed';

/** Options of an output queue. */
export interface OutputQueueOptions {
  readonly clock: Clock;
  /** Unread bytes after which `write` applies back-pressure. */
  readonly highWaterMark: number;
  /** Storage of the output. */
  readonly store: StoredOutput;
}

/** Abort reason of closed sinks. Shared: creating a DOMException with its stack costs more than closing. */
const closedReason = new Error('The client no longer reads this output');

/** Queue of the output of a shell or command, between the backend that writes it and the Receives that read it. */
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

  /** True if the backend has ended the output. */
  get ended(): boolean {
    return this.#exitCode !== undefined;
  }

  /** True if the end was delivered to a Receive. */
  get reported(): boolean {
    return this.#reported;
  }

  /** True if a Receive is waiting. */
  get isAwaited(): boolean {
    return this.#wake !== undefined;
  }

  /** Creates the sink of one stream. Ending it ends all streams. */
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
      // The backend has failed: the client sees an abnormal end.
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

  /** Closes the queue: releases waiting writers and the waiting Receive. */
  close(): void {
    if (this.closed.aborted) return;
    this.#closing.abort(closedReason);
    this.#options.store.clear();
    this.#wake?.('closed');
    this.#release();
  }

  /** Ends the waiting Receive. Queued output is kept. */
  dismiss(): void {
    this.#wake?.('closed');
  }

  /** Waits until there is output. One Receive at a time: see `isAwaited`. */
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
    // Writes of the same turn belong to the same response: the last output, the state and the end.
    if (result === 'ready') await new Promise((resolve) => setImmediate(resolve));
    gone.removeEventListener('abort', leave);
    this.#wake = undefined;
    if (isAborted(this.closed)) return 'closed';
    return isAborted(gone) ? 'gone' : result;
  }

  /** Removes and returns up to `limit` bytes, and the end with the last of them. */
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

/** Reads the flag again after an await: TypeScript would assume its earlier value. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
