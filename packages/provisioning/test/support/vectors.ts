import { readFileSync } from 'node:fs';
import type { StoredKey } from '../../scripts/vectors/keys.ts';
import type { GuestItemVector, MacVector, OpeningVector } from '../../scripts/vectors/types.ts';

export { keyPair, type KeyName, type StoredKey } from '../../scripts/vectors/keys.ts';
export type { GuestItemVector, MacVector, OpeningVector };

function read(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../../vectors/${name}.json`, import.meta.url), 'utf8'));
}

/** The key pairs of the protocol's vectors. */
export const keys = read('keys') as readonly StoredKey[];
/** The vectors of opening a sealed text. */
export const openings = read('openings') as readonly OpeningVector[];
/** The vectors of MACs. */
export const macs = read('macs') as readonly MacVector[];
/** The vectors of the form of guest items. */
export const guestItems = read('guest-items') as readonly GuestItemVector[];
