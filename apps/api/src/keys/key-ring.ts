import { createHash, timingSafeEqual } from 'node:crypto';
import type { StoredKey } from './stored-key.ts';

interface KeyWithBytes {
  readonly key: StoredKey;
  readonly bytes: Buffer;
}

/** Finds a stored key by its text. */
export class KeyRing {
  readonly #keys: readonly KeyWithBytes[];

  constructor(keys: readonly StoredKey[]) {
    this.#keys = keys.map((key) => ({ key, bytes: Buffer.from(key.sha256, 'hex') }));
  }

  get keys(): readonly StoredKey[] {
    return this.#keys.map(({ key }) => key);
  }

  /**
   * Returns the key, even if it has expired; undefined if the text is not a key. Always compares all hashes, so that the
   * response time reveals nothing about any key.
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
