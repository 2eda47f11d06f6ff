import type { Clock } from './clock.ts';
import type { OutputSink } from './shell-backend.ts';

/** What a Receive takes out of a queue. */
export interface TakenOutput {
  readonly chunks: readonly Uint8Array[];
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
  /** Whether each write is an answer of its own. */
  readonly separate: boolean;
}

/** The reason of closed sinks; one for all, since making a DOMException with its stack costs more than closing. */
const CLOSED = new Error('Nobody reads this output any more');

/** Output of a shell or a command between the backend that writes it and the Receives that fetch it. */
export class OutputQueue implements OutputSink {
  readonly #options: OutputQueueOptions;
  readonly #closing = new AbortController();
  readonly #waitingWriters: (() => void)[] = [];
  #chunks: Uint8Array[] = [];
  #bytes = 0;
  #exitCode: number | undefined;
  #wake: ((result: WaitResult) => void) | undefined;
  #reported = false;

  constructor(options: OutputQueueOptions) {
    this.#options = options;
  }

  get closed(): AbortSignal {
    return this.#closing.signal;
  }

  /** Whether the end has been handed to a Receive. */
  get reported(): boolean {
    return this.#reported;
  }

  /** Whether a Receive is waiting. */
  get isAwaited(): boolean {
    return this.#wake !== undefined;
  }

  write(data: Uint8Array): Promise<void> {
    if (this.closed.aborted || this.#exitCode !== undefined || data.length === 0) return Promise.resolve();
    this.#chunks.push(data);
    this.#bytes += data.length;
    this.#wake?.('ready');
    if (this.#bytes < this.#options.highWaterMark) return Promise.resolve();
    return new Promise((resolve) => this.#waitingWriters.push(resolve));
  }

  end(exitCode = 0): void {
    if (this.#exitCode !== undefined) return;
    this.#exitCode = exitCode;
    this.#wake?.('ready');
  }

  /** Nobody will fetch any more: lets waiting writers and the waiting Receive go. */
  close(): void {
    if (this.closed.aborted) return;
    this.#closing.abort(CLOSED);
    this.#chunks = [];
    this.#bytes = 0;
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
    const cancel = this.#options.clock.after(timeoutMs, () => this.#wake?.('timeout'));
    const result = await new Promise<WaitResult>((resolve) => {
      this.#wake = resolve;
      if (this.#bytes > 0 || this.#exitCode !== undefined) resolve('ready');
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
    const chunks: Uint8Array[] = [];
    let room = limit;
    let index = 0;
    for (const chunk of this.#chunks) {
      if (room === 0 || (this.#options.separate && index > 0)) break;
      chunks.push(chunk.subarray(0, room));
      if (chunk.length > room) {
        this.#chunks[index] = chunk.subarray(room);
        break;
      }
      room -= chunk.length;
      index += 1;
    }
    this.#chunks.splice(0, index);
    this.#bytes -= chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    if (this.#bytes < this.#options.highWaterMark) this.#release();
    if (this.#bytes > 0 || this.#exitCode === undefined) return { chunks };
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
