import { randomBytes } from 'node:crypto';
import type { SessionEndReason } from '@aether-v/types';
import { DeniedSessions, type ProviderSessions } from './denied-sessions.ts';
import {
  recheckMs,
  retryMs,
  stateOf,
  type Session,
  type SessionClaims,
  type SessionClient,
  type SessionLimits,
  type SessionState,
  type SignedIn,
} from './session.ts';

/** The maximum numbers of sessions in all and per person. */
const maxSessions = 10_000;
const maxSessionsPerPerson = 50;

/** Changes that the source reports when it confirms a session. */
export type Confirmed = Pick<SignedIn, 'name' | 'grants' | 'groupsOmitted'>;

/** The result of checking a session cookie. */
export type Admission =
  | { readonly session: Session; readonly state: Exclude<SessionState, 'limit' | 'idle'> }
  | { readonly ended: SessionEndReason };

/**
 * The sessions that this process knows, without I/O. An unknown session, for example after a restart, is taken over from
 * its cookie and is valid until its recheck time. Session objects are immutable.
 */
export class SessionRegistry {
  readonly #limits: SessionLimits;
  readonly #gone: (session: Session, reason: SessionEndReason | null) => void;
  readonly #sessions = new Map<string, Session>();
  readonly #denied = new DeniedSessions();

  /** @param gone Called for each known session that ends, or that is forgotten (reason null). */
  constructor(limits: SessionLimits, gone: (session: Session, reason: SessionEndReason | null) => void) {
    this.#limits = limits;
    this.#gone = gone;
  }

  get size(): number {
    return this.#sessions.size;
  }

  /** Begins the session of a person who has signed in. */
  begin(person: SignedIn, client: SessionClient, now: number): Session {
    const endsAt = now + this.#limits.maxMs;
    const claims = { ...person, id: randomBytes(16).toString('base64url'), signedInAt: now, endsAt };
    const session = { ...claims, recheckAt: Math.min(now + recheckMs, endsAt) };
    return this.#keep({ ...session, lastUsedAt: now, client, isAdopted: false, retryAt: null }, now);
  }

  /** Checks the claims of a cookie. A session that has passed a limit is denied from then on. */
  admit(claims: SessionClaims, client: SessionClient, now: number): Admission {
    const denied = this.#denied.reasonFor(claims, now);
    if (denied !== null) return { ended: denied };
    const known = this.#sessions.get(claims.id);
    const session = known ?? { ...claims, lastUsedAt: now, client, isAdopted: true, retryAt: null };
    const state = stateOf(session, this.#limits, now);
    if (state !== 'limit' && state !== 'idle') return { session: known ?? this.#keep(session, now), state };
    this.end(session, state, now);
    return { ended: state };
  }

  /** Records a request that the person has caused. @returns The session; undefined if it is not known. */
  use(id: string, client: SessionClient, now: number): Session | undefined {
    return this.#replace(id, { lastUsedAt: now, client });
  }

  /** Records that the source has confirmed a session. @returns The session; undefined if it has ended in the meantime. */
  confirm(id: string, { name, grants, groupsOmitted }: Confirmed, now: number): Session | undefined {
    const endsAt = this.#sessions.get(id)?.endsAt ?? now;
    return this.#replace(id, {
      name,
      grants,
      groupsOmitted,
      recheckAt: Math.min(now + recheckMs, endsAt),
      retryAt: null,
    });
  }

  /** Records that the source could not be reached. @returns The session; undefined if it has ended in the meantime. */
  postpone(id: string, now: number): Session | undefined {
    return this.#replace(id, { retryAt: now + retryMs });
  }

  get(id: string): Session | undefined {
    return this.#sessions.get(id);
  }

  /** Returns the known sessions of a principal that have not ended, the last used first. */
  sessionsOf(principalId: string, now: number): Session[] {
    return [...this.#sessions.values()]
      .filter((session) => session.principalId === principalId && !this.#isOver(session, now))
      .sort((one, other) => other.lastUsedAt - one.lastUsedAt);
  }

  /** Ends a session, known or not. */
  end(session: Pick<SessionClaims, 'id' | 'endsAt'>, reason: SessionEndReason, now: number): void {
    this.#denied.deny(session, reason, now);
    const known = this.#sessions.get(session.id);
    if (known === undefined) return;
    this.#sessions.delete(session.id);
    this.#gone(known, reason);
  }

  /**
   * Ends all sessions that belong to a session or a person at the provider, known to this process or not.
   *
   * @returns The known ones.
   */
  endOfProvider(ended: ProviderSessions, now: number): readonly Session[] {
    this.#denied.denyProvider(ended, now, this.#limits.maxMs);
    const known: Session[] = [];
    for (const session of this.#sessions.values()) {
      const reason = this.#denied.reasonFor(session, now);
      if (reason === null) continue;
      known.push(session);
      this.end(session, reason, now);
    }
    return known;
  }

  /** Ends the sessions that have passed their idle or absolute limit without another request. */
  sweep(now: number): void {
    for (const session of this.#sessions.values()) {
      const state = stateOf(session, this.#limits, now);
      if (state === 'limit' || state === 'idle') this.end(session, state, now);
    }
  }

  #isOver(session: Session, now: number): boolean {
    const state = stateOf(session, this.#limits, now);
    return state === 'limit' || state === 'idle';
  }

  #replace(id: string, changes: Partial<Session>): Session | undefined {
    const session = this.#sessions.get(id);
    if (session === undefined) return undefined;
    const changed = { ...session, ...changes };
    this.#sessions.set(id, changed);
    return changed;
  }

  #keep(session: Session, now: number): Session {
    const own = this.sessionsOf(session.principalId, now);
    for (const surplus of own.slice(maxSessionsPerPerson - 1)) this.end(surplus, 'limit', now);
    if (this.#sessions.size >= maxSessions) this.sweep(now);
    if (this.#sessions.size >= maxSessions) this.#forgetLeastUsed();
    this.#sessions.set(session.id, session);
    return session;
  }

  /** Forgets the session that was unused longest. It stays valid until its recheck time, as after a restart. */
  #forgetLeastUsed(): void {
    let least: Session | undefined;
    for (const session of this.#sessions.values()) {
      if (least === undefined || session.lastUsedAt < least.lastUsedAt) least = session;
    }
    if (least === undefined) return;
    this.#sessions.delete(least.id);
    this.#gone(least, null);
  }
}
