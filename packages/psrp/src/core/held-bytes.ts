import { PsrpError } from './errors.ts';

/** Counts the bytes that everything in a pool holds together. */
export class HeldBytes {
  readonly #limit: number;
  #size = 0;

  /** @param limit bytes beyond which {@link check} refuses. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Bytes held now. */
  get size(): number {
    return this.#size;
  }

  /** Adds bytes, or removes them where the number is negative. */
  change(bytes: number): void {
    this.#size += bytes;
  }

  /** @throws {PsrpError} `object-too-large` if more is held than allowed. */
  check(): void {
    if (this.#size <= this.#limit) return;
    throw new PsrpError('object-too-large', `The pool would hold more than ${this.#limit} bytes at once`);
  }
}
