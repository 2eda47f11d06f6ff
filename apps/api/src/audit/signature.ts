import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  verify,
  type KeyObject,
} from 'node:crypto';

/** An Ed25519 public key: its id, and its 32 bytes in base64. */
export interface PublicKey {
  readonly id: string;
  readonly public: string;
}

/** The beginning of an Ed25519 public key in DER (RFC 8410, 4). */
const derPrefix = Buffer.from('302a300506032b6570032100', 'hex');

/** Returns a new private key. */
export function newSigningKey(): KeyObject {
  return generateKeyPairSync('ed25519').privateKey;
}

/** Returns the public half of a private key. */
export function publicKeyOf(privateKey: KeyObject): PublicKey {
  const der = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  return describe(der.subarray(derPrefix.length));
}

/** Parses a public key: its 32 bytes in base64, or PEM. Returns null if it is no Ed25519 key. */
export function parsePublicKey(text: string): PublicKey | null {
  try {
    if (!text.includes('BEGIN')) {
      const bytes = Buffer.from(text.trim(), 'base64');
      return bytes.length === 32 ? describe(bytes) : null;
    }
    const key = text.includes('PRIVATE') ? createPrivateKey(text) : createPublicKey(text);
    if (key.type === 'private' || key.asymmetricKeyType !== 'ed25519') return null;
    return describe(key.export({ format: 'der', type: 'spki' }).subarray(derPrefix.length));
  } catch {
    return null;
  }
}

/** Signs a text; the signature is in base64. */
export function signText(text: string, privateKey: KeyObject): string {
  return sign(null, Buffer.from(text), privateKey).toString('base64');
}

/** Returns whether the signature of a text is by this key. */
export function isSignedBy(text: string, signature: string, key: PublicKey): boolean {
  const der = Buffer.concat([derPrefix, Buffer.from(key.public, 'base64')]);
  const publicKey = createPublicKey({ key: der, format: 'der', type: 'spki' });
  return verify(null, Buffer.from(text), publicKey, Buffer.from(signature, 'base64'));
}

function describe(bytes: Uint8Array): PublicKey {
  const id = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
  return { id, public: Buffer.from(bytes).toString('base64') };
}
