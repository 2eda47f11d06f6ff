import type { Clock } from './clock.ts';
import type { OutputSink } from './shell-backend.ts';

/** Bytes of one stream. */
export interface OutputChunk {
  readonly stream: string;
  readonly data: Uint8Array;
}

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
  /** What becomes of a write: an answer of its own, an element of its own in an answer, or part of its stream's bytes. */
  readonly writes: 'answers' | 'elements' | 'bytes';
}

/** The reason of closed sinks; one for all, since making a DOMException with its stack costs more than closing. */
const CLOSED = new Error('Nobody reads this output any more');

/** Output of a shell or a command between the backend that writes it and the Receives that fetch it. */
export class OutputQueue {
  readonly #options: OutputQueueOptions;
  readonly #closing = new AbortController();
  readonly #waitingWriters: (() => void)[] = [];
  #chunks: OutputChunk[] = [];
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
    this.#chunks.push({ stream, data });
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
    const { writes } = this.#options;
    const chunks: OutputChunk[] = [];
    let room = limit;
    let index = 0;
    for (const { stream, data } of this.#chunks) {
      if (room === 0 || (writes === 'answers' && index > 0)) break;
      chunks.push({ stream, data: data.subarray(0, room) });
      if (data.length > room) {
        this.#chunks[index] = { stream, data: data.subarray(room) };
        break;
      }
      room -= data.length;
      index += 1;
    }
    this.#chunks.splice(0, index);
    this.#bytes -= chunks.reduce((sum, { data }) => sum + data.length, 0);
    if (this.#bytes < this.#options.highWaterMark) this.#release();
    const taken = writes === 'bytes' ? joined(chunks) : chunks;
    if (this.#bytes > 0 || this.#exitCode === undefined) return { chunks: taken };
    this.#reported = true;
    return { chunks: taken, exitCode: this.#exitCode };
  }

  #release(): void {
    for (const resolve of this.#waitingWriters.splice(0)) resolve();
  }
}

/** Neighbours of the same stream as one: programs write in small pieces, and each element costs more than its bytes. */
function joined(chunks: readonly OutputChunk[]): OutputChunk[] {
  const runs: { stream: string; parts: Uint8Array[] }[] = [];
  for (const { stream, data } of chunks) {
    const last = runs.at(-1);
    if (last?.stream === stream) last.parts.push(data);
    else runs.push({ stream, parts: [data] });
  }
  return runs.map(({ stream, parts }) => ({ stream, data: Buffer.concat(parts) }));
}

/** Asked again after an await: TypeScript would go by what it was before. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
