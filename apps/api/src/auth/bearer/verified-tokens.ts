import { createHash } from 'node:crypto';
import type { Authentication } from '../authentication.ts';

const maximumEntries = 1000;
const lifetimeMs = 60_000;

interface Entry {
  readonly authentication: Authentication;
  readonly until: number;
}

/** Returns the hash of a token, which is kept in place of the token itself. */
export function hashOfToken(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}

/** Tokens that were verified within the last minute and have not expired, by their hashes. */
export class VerifiedTokens {
  readonly #entries = new Map<string, Entry>();

  get(hash: string, now: number): Authentication | undefined {
    const entry = this.#entries.get(hash);
    if (entry === undefined || entry.until > now) return entry?.authentication;
    this.#entries.delete(hash);
    return undefined;
  }

  add(hash: string, authentication: Authentication, now: number): void {
    const until = Math.min(now + lifetimeMs, authentication.expiresAt ?? Infinity);
    if (until <= now) return;
    this.#entries.delete(hash);
    this.#entries.set(hash, { authentication, until });
    if (this.#entries.size <= maximumEntries) return;
    const [oldest] = this.#entries.keys();
    if (oldest !== undefined) this.#entries.delete(oldest);
  }
}
