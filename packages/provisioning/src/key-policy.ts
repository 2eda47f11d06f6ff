import type { GuestKey } from './guest-items.ts';

/** A key that the service accepted, with the boot in which it did. */
export interface AcceptedKey extends GuestKey {
  readonly boot: string;
}

/** Facts about a guest when its key is read. */
export interface KeyFacts {
  /** Identifies the current boot of the VM, as the host sees it. */
  readonly boot: string;
  /** The epoch that an authentic `reboot` item announced under the current key; null if there is none. */
  readonly announced: number | null;
}

/** The reasons why a key ends the operation. */
export type KeyRefusal = 'unannounced-key' | 'key-without-boot' | 'second-key' | 'key-reused';

/** The decision about a key. */
export type KeyDecision =
  | { readonly kind: 'accept' }
  /** The key is the one accepted last. */
  | { readonly kind: 'present' }
  | { readonly kind: 'end'; readonly code: KeyRefusal };

const end = (code: KeyRefusal): KeyDecision => ({ kind: 'end', code });

/**
 * Decides about a key: trust on first use, then exactly one new key after each reboot that the guest announced and the
 * host saw.
 *
 * @param history The accepted keys, oldest first.
 */
export function decideKey(history: readonly AcceptedKey[], key: GuestKey, facts: KeyFacts): KeyDecision {
  const present = history.at(-1);
  if (present === undefined) return key.epoch === 1 ? { kind: 'accept' } : end('unannounced-key');
  if (isSame(present, key)) return { kind: 'present' };
  if (key.epoch === present.epoch) return end('second-key');
  if (key.epoch !== present.epoch + 1 || facts.announced !== key.epoch) return end('unannounced-key');
  if (facts.boot === present.boot) return end('key-without-boot');
  return history.some((old) => sharesSecret(old, key)) ? end('key-reused') : { kind: 'accept' };
}

const isSame = (one: GuestKey, other: GuestKey): boolean =>
  one.epoch === other.epoch && one.nonce === other.nonce && one.publicKey.digest === other.publicKey.digest;

const sharesSecret = (one: GuestKey, other: GuestKey): boolean =>
  one.nonce === other.nonce || one.publicKey.digest === other.publicKey.digest;
