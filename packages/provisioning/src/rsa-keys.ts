import {
  constants,
  createHash,
  createPrivateKey,
  createPublicKey,
  sign,
  verify,
  type KeyObject,
} from 'node:crypto';
import { SealError } from './errors.ts';

const modulusLength = 3072;
const publicExponent = 65_537n;

/** A public RSA key of 3,072 bits. */
export interface PublicKey {
  readonly key: KeyObject;
  /** DER of its SubjectPublicKeyInfo. */
  readonly spki: Buffer;
  /** base64url of the SHA-256 of `spki`. */
  readonly digest: string;
}

/** The key that signs documents. */
export interface SigningKey extends PublicKey {
  readonly privateKey: KeyObject;
}

/** Returns the key in an SPKI, or null unless it is the canonical DER of an RSA key of 3,072 bits with exponent 65,537. */
export function readPublicKey(spki: Buffer): PublicKey | null {
  try {
    const key = createPublicKey({ key: spki, format: 'der', type: 'spki' });
    return isSuitable(key) && spkiOf(key).equals(spki) ? { key, spki, digest: digestOf(spki) } : null;
  } catch {
    return null;
  }
}

/** Reads a private key in PEM. @throws SealError `signing-key-unsuitable` unless it is RSA of 3,072 bits. */
export function readSigningKey(pem: string): SigningKey {
  const privateKey = parsed(pem);
  const key = createPublicKey(privateKey);
  if (!isSuitable(key)) {
    throw new SealError('signing-key-unsuitable', 'The signing key must be an RSA key of 3,072 bits.');
  }
  const spki = spkiOf(key);
  return { privateKey, key, spki, digest: digestOf(spki) };
}

function parsed(pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    // The error of OpenSSL may quote the input.
    throw new SealError('signing-key-unsuitable', 'The signing key is not a private key in PEM.');
  }
}

/** Returns the PS256 signature of the text (RFC 7518, 3.5), without a JWS header. */
export function signText(text: string, { privateKey }: SigningKey): Buffer {
  return sign('sha256', Buffer.from(text), { key: privateKey, ...pss });
}

/** Returns whether the PS256 signature is valid for the text. */
export function verifyText(text: string, signature: Buffer, { key }: PublicKey): boolean {
  return verify('sha256', Buffer.from(text), { key, ...pss }, signature);
}

const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 } as const;

const digestOf = (spki: Buffer): string => createHash('sha256').update(spki).digest('base64url');
const spkiOf = (key: KeyObject): Buffer => key.export({ format: 'der', type: 'spki' });

function isSuitable({ asymmetricKeyType: type, asymmetricKeyDetails: details }: KeyObject): boolean {
  return (
    type === 'rsa' && details?.modulusLength === modulusLength && details.publicExponent === publicExponent
  );
}
