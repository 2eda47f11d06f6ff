import { CompactEncrypt } from 'jose';
import type { GuestKey } from './guest-items.ts';
import { signText, type SigningKey } from './rsa-keys.ts';

/** The addressee of a document. */
export interface Addressee {
  /** GUID in lower case. */
  readonly vm: string;
  /** UUID in lower case. */
  readonly operation: string;
  readonly key: GuestKey;
}

/** The algorithms of the JWE. */
export const jweAlgorithms = { alg: 'RSA-OAEP-256', enc: 'A256CBC-HS512' } as const;

/** Returns the protected header. Its members have one order, so that a guest can compare bytes. */
export function protectedHeader({ vm, operation, key }: Addressee, signingKeyDigest: string) {
  return {
    ...jweAlgorithms,
    typ: 'aether-v-provisioning-1',
    vm,
    op: operation,
    epoch: key.epoch,
    nonce: key.nonce,
    spki: key.publicKey.digest,
    kid: signingKeyDigest,
  };
}

/** The text that the signature covers. */
export function signedText(jwe: string): string {
  return `aether-v/provisioning/1\n${jwe}`;
}

/** Encrypts a document to the guest's key, then signs it. Returns the sealed text. */
export async function seal(
  document: Uint8Array,
  addressee: Addressee,
  signingKey: SigningKey,
): Promise<string> {
  const jwe = await new CompactEncrypt(document)
    .setProtectedHeader(protectedHeader(addressee, signingKey.digest))
    .encrypt(addressee.key.publicKey.key);
  return `${jwe}.${signText(signedText(jwe), signingKey).toString('base64url')}`;
}
