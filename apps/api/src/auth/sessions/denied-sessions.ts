import type { SessionEndReason } from '@aether-v/types';
import type { SessionClaims } from './session.ts';

/** The maximum number of entries; beyond it the oldest are deleted. */
const maxEntries = 100_000;

interface Denial {
  readonly reason: SessionEndReason;
  /** Sessions that began later are not denied. */
  readonly at: number;
  readonly until: number;
}

/** A session at the provider, or all sessions of a person there. */
export interface ProviderSessions {
  readonly issuer: string;
  readonly subject: string | null;
  readonly providerSession: string | null;
}

/**
 * A deny list of ended sessions, until their absolute end. A restart loses it; a cookie is then accepted until its recheck
 * time at most.
 */
export class DeniedSessions {
  readonly #denials = new Map<string, Denial>();

  get size(): number {
    return this.#denials.size;
  }

  /** Denies one session. */
  deny({ id, endsAt }: Pick<SessionClaims, 'id' | 'endsAt'>, reason: SessionEndReason, now: number): void {
    this.#add(`id:${id}`, { reason, at: now, until: endsAt }, now);
  }

  /** Denies all sessions that have begun so far for a session or a person at the provider. */
  denyProvider({ issuer, subject, providerSession }: ProviderSessions, now: number, maxMs: number): void {
    const denial: Denial = { reason: 'signed-out', at: now, until: now + maxMs };
    // The session id takes precedence, because it is more specific (Back-Channel Logout 1.0, 2.5).
    if (providerSession !== null) this.#add(sidKey(issuer, providerSession), denial, now);
    else if (subject !== null) this.#add(subKey(issuer, subject), denial, now);
  }

  /** Returns the reason why a session is denied; null if it is not. */
  reasonFor(claims: SessionClaims, now: number): SessionEndReason | null {
    const { id, issuer, subject, providerSession, signedInAt } = claims;
    const keys = [`id:${id}`, subKey(issuer, subject)];
    if (providerSession !== null) keys.push(sidKey(issuer, providerSession));
    for (const key of keys) {
      const denial = this.#denials.get(key);
      if (denial !== undefined && now < denial.until && signedInAt <= denial.at) return denial.reason;
    }
    return null;
  }

  #add(key: string, denial: Denial, now: number): void {
    // Inserted anew, so that the oldest come first.
    this.#denials.delete(key);
    if (this.#denials.size >= maxEntries) this.#prune(now);
    this.#denials.set(key, denial);
  }

  #prune(now: number): void {
    for (const [key, { until }] of this.#denials) if (until <= now) this.#denials.delete(key);
    for (const key of this.#denials.keys()) {
      if (this.#denials.size < maxEntries) return;
      this.#denials.delete(key);
    }
  }
}

function sidKey(issuer: string, providerSession: string): string {
  return JSON.stringify(['sid', issuer, providerSession]);
}

function subKey(issuer: string, subject: string): string {
  return JSON.stringify(['sub', issuer, subject]);
}
