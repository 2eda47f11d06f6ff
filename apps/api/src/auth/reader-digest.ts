import { createHash } from 'node:crypto';
import type { Principal } from './principal.ts';

/** Identifies a principal and its permissions, without revealing them, in texts that only it may use. */
export function readerDigest({ id, permissions }: Principal): string {
  const text = JSON.stringify([id, [...permissions].sort()]);
  return createHash('sha256').update(text).digest('base64url').slice(0, 16);
}
