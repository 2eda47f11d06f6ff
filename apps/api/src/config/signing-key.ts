import { createPrivateKey, type KeyObject } from 'node:crypto';
import type { Parser } from './parser.ts';

/** The beginning of an Ed25519 private key in DER (RFC 8410, 7). */
const derPrefix = Buffer.from('302e020100300506032b657004220420', 'hex');

const problem =
  'must be an Ed25519 private key: PEM (openssl genpkey -algorithm ed25519), or its 32 bytes in base64 (openssl rand -base64 32)';

/** Parses an Ed25519 private key. The key is not repeated in the error. `\n` stands for a line break. */
export const signingKey: Parser<KeyObject> = (text) => {
  try {
    const key = text.includes('BEGIN') ? createPrivateKey(text.replaceAll('\\n', '\n')) : keyOfSeed(text);
    return key.asymmetricKeyType === 'ed25519' ? { value: key } : { problem };
  } catch {
    return { problem };
  }
};

function keyOfSeed(text: string): KeyObject {
  const seed = Buffer.from(text, 'base64');
  // OpenSSL ignores bytes after the key.
  if (seed.length !== 32 || seed.toString('base64').replace(/=$/, '') !== text.trim().replace(/=$/, '')) {
    throw new Error('not 32 bytes in base64');
  }
  return createPrivateKey({ key: Buffer.concat([derPrefix, seed]), format: 'der', type: 'pkcs8' });
}
