import { createHash } from 'node:crypto';
import type { Role } from '@aether-v/types';

/** The signatures that a key can require: none, signature 1 or 2, or signature 2. */
export const signatureDemands = ['none', '1', '2'] as const;

/** The signature that a key requires. */
export type SignatureDemand = (typeof signatureDemands)[number];

/** An API key as it is stored: only its hash, not the key itself. */
export interface StoredKey {
  /** Several keys may share a name, so that clients can change from one to the next without an interruption. */
  readonly name: string;
  /** The SHA-256 of the key. A key has 256 random bits, so a slow hash would protect nothing. */
  readonly sha256: string;
  readonly role: Role;
  readonly signature: SignatureDemand;
  /** The time when the key expires, in milliseconds since 1970; null if it does not expire. */
  readonly expiresAt: number | null;
}

/** The name of the key in `API_KEY`. */
export const unnamedKey = 'default';

/** Returns the hash under which a key is stored. */
export function hashOfKey(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

/** Returns the credential id of a key, which differs between keys with the same name. */
export function credentialIdOf({ name, sha256 }: StoredKey): string {
  return `key:${name}:${sha256.slice(0, 16)}`;
}
