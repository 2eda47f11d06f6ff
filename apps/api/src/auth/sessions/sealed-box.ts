import { hkdfSync, randomBytes } from 'node:crypto';
import { compactDecrypt, CompactEncrypt, errors } from 'jose';
import type { Secret } from '../../config/secret.ts';

interface Key {
  readonly id: string;
  readonly bytes: Uint8Array;
}

/** An opened text. */
export interface Opened {
  readonly content: unknown;
  /** True if it was sealed with the newest key. */
  readonly isNewestKey: boolean;
}

/**
 * Encrypts JSON for cookies: a JWE with the algorithm `dir` and A256GCM (RFC 7518, 4.5 and 5.3). Keys are derived from
 * the configured secrets with HKDF (RFC 5869), one per purpose: a sealed login attempt is not a valid session.
 */
export class SealedBox {
  readonly #keys: readonly [Key, ...Key[]];

  /** @param secrets Newest first; null for a random key that exists as long as the process. */
  constructor(secrets: readonly Secret[] | null, purpose: string) {
    const [newest, ...others] = (secrets ?? []).map((secret) => deriveKey(secret.reveal(), purpose));
    this.#keys = newest === undefined ? [{ id: 'start', bytes: randomBytes(32) }] : [newest, ...others];
  }

  async seal(content: unknown): Promise<string> {
    const [{ id, bytes }] = this.#keys;
    return new CompactEncrypt(Buffer.from(JSON.stringify(content)))
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: id })
      .encrypt(bytes);
  }

  /** Decrypts a text. @returns Null if it was not sealed with one of the keys for this purpose. */
  async open(text: string): Promise<Opened | null> {
    try {
      let used: Key | undefined;
      const keyOf = ({ kid }: { readonly kid?: string }): Uint8Array => {
        used = this.#keys.find(({ id }) => id === kid);
        if (used === undefined) throw new errors.JWEInvalid('unknown key');
        return used.bytes;
      };
      const { plaintext } = await compactDecrypt(text, keyOf, {
        keyManagementAlgorithms: ['dir'],
        contentEncryptionAlgorithms: ['A256GCM'],
      });
      return {
        content: JSON.parse(Buffer.from(plaintext).toString('utf8')) as unknown,
        isNewestKey: used === this.#keys[0],
      };
    } catch (error) {
      if (error instanceof errors.JOSEError || error instanceof SyntaxError) return null;
      throw error;
    }
  }
}

function deriveKey(secret: string, purpose: string): Key {
  const derive = (part: string, length: number): Buffer =>
    Buffer.from(hkdfSync('sha256', secret, '', `aether-v ${purpose} ${part}`, length));
  return { id: derive('key id', 6).toString('base64url'), bytes: derive('key', 32) };
}
