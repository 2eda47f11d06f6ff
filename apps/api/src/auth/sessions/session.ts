/** The ways in which people sign in. */
export type SessionKind = 'oidc' | 'account';

/** A person who has just signed in. */
export interface SignedIn {
  readonly kind: SessionKind;
  readonly principalId: string;
  /** The name for people. */
  readonly name: string;
  /** The issuer of the identity provider; `local` for accounts. */
  readonly issuer: string;
  /** The person at the issuer: `sub`, or the user of an account. */
  readonly subject: string;
  /** The session at the provider (`sid`), by which it announces the end of that session. */
  readonly providerSession: string | null;
  /** The names that give the person roles, reduced to those that the settings name; the role of an account. */
  readonly grants: readonly string[];
  /** A mark of the session's source, such as the version of an account, kept in the cookie. At most 64 characters. */
  readonly stamp: string;
  /** True if the provider left out the groups because there are too many. */
  readonly groupsOmitted: boolean;
}

/** The client of a session's last request. */
export interface SessionClient {
  readonly address: string;
  readonly userAgent: string;
}

/** The content of a session cookie. Times are milliseconds since 1970. */
export interface SessionClaims extends SignedIn {
  readonly id: string;
  readonly signedInAt: number;
  /** The time when the source must confirm the session. */
  readonly recheckAt: number;
  /** The time when the session ends, however active. */
  readonly endsAt: number;
}

/** A session that this process knows. */
export interface Session extends Readonly<SessionClaims> {
  readonly lastUsedAt: number;
  readonly client: SessionClient;
  /** True if it was adopted from its cookie: this process does not know whether it has been signed out before. */
  readonly isAdopted: boolean;
  /** While the source cannot be reached: the time of the next attempt. Null if the last attempt succeeded. */
  readonly retryAt: number | null;
}

/** The durations that sessions obey, in milliseconds. */
export interface SessionLimits {
  readonly idleMs: number;
  readonly maxMs: number;
}

/** The time after which the source must confirm a session, and rights are read again. */
export const recheckMs = 10 * 60_000;

/** The time that a session continues while its source cannot be reached. */
export const graceMs = 15 * 60_000;

/** The time between two attempts to reach a source that could not be reached. */
export const retryMs = 30_000;

/**
 * The state of a session. Its source must confirm it before the request (`due`), or meanwhile because the source could
 * not be reached (`grace`); it could not be reached for too long (`unconfirmed`); or the session has ended.
 */
export type SessionState = 'valid' | 'due' | 'grace' | 'unconfirmed' | 'limit' | 'idle';

/** Returns the state of a session. */
export function stateOf(
  session: Omit<Session, 'client'>,
  { idleMs }: Pick<SessionLimits, 'idleMs'>,
  now: number,
): SessionState {
  const { endsAt, lastUsedAt, recheckAt, retryAt } = session;
  if (now >= endsAt) return 'limit';
  if (now >= lastUsedAt + idleMs) return 'idle';
  if (now < recheckAt) return 'valid';
  const isInGrace = now < recheckAt + graceMs;
  if (retryAt === null) return 'due';
  if (now >= retryAt) return isInGrace ? 'grace' : 'due';
  return isInGrace ? 'valid' : 'unconfirmed';
}

/** Returns the time until which a session is valid without another request. */
export function validUntil(session: Session, { idleMs }: Pick<SessionLimits, 'idleMs'>): number {
  const { endsAt, lastUsedAt, recheckAt, retryAt } = session;
  return Math.min(endsAt, lastUsedAt + idleMs, retryAt === null ? recheckAt : recheckAt + graceMs);
}
