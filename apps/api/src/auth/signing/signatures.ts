import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Secret } from '../../config/secret.ts';

/** The signature formulas. `1` is the VM controller's; `2` also covers the method, the path with its query, and a nonce. */
export type SignatureVersion = '1' | '2';

/** The parts of a request that signature 2 covers. */
export interface SignedRequest {
  readonly method: string;
  /** The path and query as sent on the request line. */
  readonly target: string;
  /** The headers as sent. */
  readonly timestamp: string;
  readonly nonce: string;
  /** The SHA-256 of the body, in lower-case hexadecimal. */
  readonly bodyHash: string;
}

const hex = /^[0-9a-f]{64}$/i;
const nonceText = /^[\w.~+/=-]{16,128}$/;

/** The first line of the signed text of signature 2, so that the signature has no other meaning. */
const firstLine = 'aether-vm-2';

/** Returns signature 1: the HMAC-SHA256 of the raw body followed by the timestamp as sent. */
export function signature1(secret: Secret, body: Uint8Array, timestamp: string): Buffer {
  // Node decodes headers as Latin-1, so this restores the bytes.
  return hmac(secret).update(body).update(timestamp, 'latin1').digest();
}

/** Returns signature 2: the HMAC-SHA256 of six lines separated by line feeds. */
export function signature2(secret: Secret, request: SignedRequest): Buffer {
  const { method, target, timestamp, nonce, bodyHash } = request;
  const lines = [firstLine, method, target, timestamp, nonce, bodyHash];
  return hmac(secret).update(lines.join('\n'), 'latin1').digest();
}

/** Returns the SHA-256 of a body, in lower-case hexadecimal. */
export function hashOfBody(body: Uint8Array): string {
  return createHash('sha256').update(body).digest('hex');
}

/** Compares a signature with 64 hexadecimal digits of either case, in constant time. */
export function matchesSignature(expected: Buffer, given: string): boolean {
  return hex.test(given) && timingSafeEqual(expected, Buffer.from(given, 'hex'));
}

/** Returns whether a text can be the nonce of signature 2. */
export function isNonce(text: string): boolean {
  return nonceText.test(text);
}

/** Returns the SHA-256 of a signature in hexadecimal, which the audit log and replay marks use in its place. */
export function signatureHash(signature: Buffer): string {
  return createHash('sha256').update(signature).digest('hex');
}

function hmac(secret: Secret): ReturnType<typeof createHmac> {
  return createHmac('sha256', secret.reveal());
}
