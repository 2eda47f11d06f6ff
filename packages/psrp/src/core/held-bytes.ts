import { PsrpError } from './errors.ts';

/** Counts the bytes that all parts of a pool hold. */
export class HeldBytes {
  readonly #limit: number;
  #size = 0;

  /** @param limit maximum number of bytes, see {@link check}. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Bytes held now. */
  get size(): number {
    return this.#size;
  }

  /** Adds bytes, or removes them if the number is negative. */
  change(bytes: number): void {
    this.#size += bytes;
  }

  /** @throws {PsrpError} `object-too-large` if the limit is exceeded. */
  check(): void {
    if (this.#size <= this.#limit) return;
    throw new PsrpError('object-too-large', `The pool would hold more than ${this.#limit} bytes at once`);
  }
}
