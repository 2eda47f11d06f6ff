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
  /** The session at the provider (`sid`), which logout tokens name. */
  readonly providerSession: string | null;
  /** The configured names that grant the person roles; for an account, its role. */
  readonly grants: readonly string[];
  /** A value that the source compares at rechecks, such as the version of an account. At most 64 characters. */
  readonly stamp: string;
  /** True if the provider omitted the groups because there are too many. */
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
  /** The time when the session ends, even if it is in use. */
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

/** The limits of sessions, in milliseconds. */
export interface SessionLimits {
  readonly idleMs: number;
  readonly maxMs: number;
}

/** The interval in milliseconds at which the source must confirm a session and roles are read again. */
export const recheckMs = 10 * 60_000;

/** The time in milliseconds that a session continues while its source cannot be reached. */
export const graceMs = 15 * 60_000;

/** The time in milliseconds between two attempts to reach an unreachable source. */
export const retryMs = 30_000;

/**
 * The state of a session. `due`: its source must confirm it before the request is handled. `grace`: the source could not
 * be reached before and is asked again in the background. `unconfirmed`: it could not be reached for too long. `limit` and
 * `idle`: the session has ended.
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

/** Returns the time until which a session is valid if no further request is made. */
export function validUntil(session: Session, { idleMs }: Pick<SessionLimits, 'idleMs'>): number {
  const { endsAt, lastUsedAt, recheckAt, retryAt } = session;
  return Math.min(endsAt, lastUsedAt + idleMs, retryAt === null ? recheckAt : recheckAt + graceMs);
}
