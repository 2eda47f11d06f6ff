import { abortable } from '../core/abortable.ts';

/** Queue of unread chunks of one target. */
export class ByteQueue {
  readonly #onChange: (bytes: number) => void;
  #chunks: Uint8Array[] = [];
  #taken = 0;
  #size = 0;
  #end: { readonly failed: boolean; readonly error: unknown } | undefined;
  #arrival = Promise.withResolvers<undefined>();

  /** @param onChange called with the change of the queue's size, in bytes. */
  constructor(onChange: (bytes: number) => void) {
    this.#onChange = onChange;
  }

  /** Adds a chunk. */
  push(chunk: Uint8Array): void {
    if (this.#end !== undefined) return;
    this.#chunks.push(chunk);
    this.#resize(chunk.length);
    this.#wake();
  }

  /** Discards queued chunks and ends. */
  end(): void {
    this.#chunks = [];
    this.#taken = 0;
    this.#resize(-this.#size);
    this.#end ??= { failed: false, error: undefined };
    this.#wake();
  }

  /** Ends with an error after the queued chunks. */
  fail(error: unknown): void {
    this.#end ??= { failed: true, error };
    this.#wake();
  }

  /** Yields chunks as they were pushed, until the end (a packet of PowerShell is a complete fragment). */
  async *read(signal: AbortSignal): AsyncGenerator<Uint8Array, void> {
    for (;;) {
      signal.throwIfAborted();
      const chunk = this.#chunks[this.#taken];
      if (chunk !== undefined) {
        this.#taken += 1;
        if (this.#taken * 2 >= this.#chunks.length) {
          this.#chunks.splice(0, this.#taken);
          this.#taken = 0;
        }
        this.#resize(-chunk.length);
        yield chunk;
      } else if (this.#end !== undefined) {
        if (this.#end.failed) throw this.#end.error;
        return;
      } else {
        await abortable(this.#arrival.promise, signal);
      }
    }
  }

  #resize(change: number): void {
    this.#size += change;
    this.#onChange(change);
  }

  #wake(): void {
    this.#arrival.resolve(undefined);
    this.#arrival = Promise.withResolvers();
  }
}
