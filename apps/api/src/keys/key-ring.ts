import { createHash, timingSafeEqual } from 'node:crypto';
import type { StoredKey } from './stored-key.ts';

interface KeyWithBytes {
  readonly key: StoredKey;
  readonly bytes: Buffer;
}

/** Finds the stored key that a text is. */
export class KeyRing {
  readonly #keys: readonly KeyWithBytes[];

  constructor(keys: readonly StoredKey[]) {
    this.#keys = keys.map((key) => ({ key, bytes: Buffer.from(key.sha256, 'hex') }));
  }

  get keys(): readonly StoredKey[] {
    return this.#keys.map(({ key }) => key);
  }

  /**
   * Returns the key, also if it has expired. Compares hashes, and always all of them, so that the time of a refusal
   * says nothing about any key.
   */
  find(text: string): StoredKey | undefined {
    const given = createHash('sha256').update(text).digest();
    let found: StoredKey | undefined;
    for (const { key, bytes } of this.#keys) {
      if (timingSafeEqual(bytes, given)) found = key;
    }
    return found;
  }
}
