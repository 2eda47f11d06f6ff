import type { PsValue } from '../clixml/index.ts';

interface Waiting {
  readonly resolve: (result: IteratorResult<PsValue, undefined>) => void;
  readonly reject: (error: unknown) => void;
}

interface Item {
  readonly value: PsValue;
  readonly size: number;
}

/**
 * Queue of values between a producer and one consumer, which iterates it once. The producer awaits `room` before it
 * fetches more, so the queue holds at most the high-water mark plus the result of one fetch.
 */
export class ValueQueue implements AsyncIterableIterator<PsValue, undefined> {
  readonly #highWaterMark: number;
  readonly #onReturn: () => void;
  readonly #onResize: (change: number) => void;
  #items: Item[] = [];
  #taken = 0;
  #size = 0;
  #readers: Waiting[] = [];
  #fillers: (() => void)[] = [];
  #discarding = false;
  #end: { readonly error: unknown; readonly failed: boolean } | undefined;

  /**
   * @param highWaterMark size on the wire, in bytes.
   * @param onReturn called when the consumer leaves the iteration before the end.
   * @param onResize called with the change of the queue's size, in bytes.
   */
  constructor(
    highWaterMark: number,
    onReturn: () => void = () => undefined,
    onResize: (change: number) => void = () => undefined,
  ) {
    this.#highWaterMark = highWaterMark;
    this.#onReturn = onReturn;
    this.#onResize = onResize;
  }

  /** Adds a value. `size` is its size on the wire, in bytes. */
  push(value: PsValue, size: number): void {
    if (this.#discarding || this.#end !== undefined) return;
    const reader = this.#readers.shift();
    if (reader !== undefined) {
      reader.resolve({ done: false, value });
      return;
    }
    this.#items.push({ value, size });
    this.#resize(size);
  }

  /** Resolves when the queue is below the high-water mark. */
  room(): Promise<void> {
    if (this.#size < this.#highWaterMark) return Promise.resolve();
    return new Promise((resolve) => this.#fillers.push(resolve));
  }

  /** Discards all queued values and all values that are pushed later. */
  discard(): void {
    this.#discarding = true;
    this.#items = [];
    this.#taken = 0;
    this.#resize(-this.#size);
    this.#release();
  }

  /** Ends the iteration after the queued values. */
  end(): void {
    this.#finish({ error: undefined, failed: false });
  }

  /** Ends the iteration with an error after the queued values. */
  fail(error: unknown): void {
    this.#finish({ error, failed: true });
  }

  next(): Promise<IteratorResult<PsValue, undefined>> {
    const item = this.#items[this.#taken];
    if (item !== undefined) {
      this.#taken += 1;
      this.#resize(-item.size);
      // A slow reader may never empty the queue: values already read must not be kept until the end.
      if (this.#taken * 2 >= this.#items.length) {
        this.#items.splice(0, this.#taken);
        this.#taken = 0;
      }
      if (this.#size < this.#highWaterMark) this.#release();
      return Promise.resolve({ done: false, value: item.value });
    }
    if (this.#end !== undefined) return settle(this.#end);
    return new Promise((resolve, reject) => this.#readers.push({ resolve, reject }));
  }

  return(): Promise<IteratorResult<PsValue, undefined>> {
    this.discard();
    if (this.#end === undefined) {
      this.#onReturn();
      for (const reader of this.#readers.splice(0)) reader.resolve({ done: true, value: undefined });
    }
    this.#end = { error: undefined, failed: false };
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #finish(end: { error: unknown; failed: boolean }): void {
    if (this.#end !== undefined) return;
    this.#end = end;
    this.#release();
    for (const reader of this.#readers.splice(0)) {
      if (end.failed) reader.reject(end.error);
      else reader.resolve({ done: true, value: undefined });
    }
  }

  #resize(change: number): void {
    this.#size += change;
    this.#onResize(change);
  }

  #release(): void {
    for (const resume of this.#fillers.splice(0)) resume();
  }
}

function settle(end: { error: unknown; failed: boolean }): Promise<IteratorResult<PsValue, undefined>> {
  // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- an abort reason may be any value
  return end.failed ? Promise.reject(end.error) : Promise.resolve({ done: true, value: undefined });
}
