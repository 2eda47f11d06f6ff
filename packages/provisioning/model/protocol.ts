/**
 * A symbolic model of the protocol: cryptography is perfect, and an attacker combines what it knows. A sealed text is a
 * record; only the owner of `to` can open it, and only the service can sign.
 */

/** What the protocol binds. Each can be removed from the model. */
export const bindings = [
  'signature',
  'order',
  'vm',
  'operation',
  'epoch',
  'nonce',
  'keyDigest',
  'once',
  'requestInKey',
  'announcement',
  'observedBoot',
] as const;

/** A binding of the protocol. */
export type Binding = (typeof bindings)[number];

/** The two operations. */
export type Operation = 'A' | 'B';

/** The key of a guest or the attacker, with its nonce. */
export interface Key {
  readonly owner: string;
  readonly nonce: string;
}

/** The header of a sealed text. */
export interface Header {
  readonly vm: string;
  readonly operation: string;
  readonly epoch: number;
  readonly nonce: string;
  readonly keyDigest: string;
}

/** A sealed text. */
export interface Sealed {
  readonly to: string;
  readonly header: Header;
  /** Names the document: the operation and epoch for which the service made it, or `evil`. */
  readonly document: string;
  /** Signed by the service: over the ciphertext, or over the plaintext if `order` is removed. */
  readonly isSigned: boolean;
}

/** What a guest expects in one boot. */
export interface Expectation {
  readonly vm: string;
  readonly operation: string;
  readonly epoch: number;
  readonly key: Key;
}

/** Whether a guest opens a sealed text. @param removed Bindings that it does not check. */
export function opens(expected: Expectation, sealed: Sealed, removed: ReadonlySet<Binding>): boolean {
  const header: Header = {
    vm: expected.vm,
    operation: expected.operation,
    epoch: expected.epoch,
    nonce: expected.key.nonce,
    keyDigest: expected.key.owner,
  };
  const fits = (Object.keys(header) as (keyof Header)[]).every(
    (name) => removed.has(name) || sealed.header[name] === header[name],
  );
  return sealed.to === expected.key.owner && fits && (sealed.isSigned || removed.has('signature'));
}

/**
 * Returns the sealed texts that an attacker can make for a guest, besides those that it saw.
 *
 * @param known Documents that it has read. With `order` removed it has their signatures as well.
 */
export function forged(
  expected: Expectation,
  known: ReadonlySet<string>,
  removed: ReadonlySet<Binding>,
): Sealed[] {
  const header: Header = {
    vm: expected.vm,
    operation: expected.operation,
    epoch: expected.epoch,
    nonce: expected.key.nonce,
    keyDigest: expected.key.owner,
  };
  // Public keys, nonces and ids are in the items, so every header can be made.
  return ['evil', ...known].map((document) => ({
    to: expected.key.owner,
    header,
    document,
    isSigned: removed.has('order') && document !== 'evil',
  }));
}
