import type { Role } from '@aether-v/types';
import type { Session, SessionClaims, SessionKind } from './session.ts';
import type { Confirmed } from './session-registry.ts';

/** The answer of a source that was asked to confirm a session. */
export type Recheck =
  | ({ readonly outcome: 'confirmed' } & Confirmed)
  /** The person may no longer sign in. */
  | { readonly outcome: 'refused' }
  /** The source cannot be asked without the person, for example because its token was lost at a restart. */
  | { readonly outcome: 'impossible' }
  /** The source does not respond; `detail` says why. */
  | { readonly outcome: 'unreachable'; readonly detail: string };

/** A kind of sign-in: the place that knows its people. */
export interface SessionSource {
  readonly kind: SessionKind;
  /** Returns the roles that a session has by the present settings. */
  rolesOf(claims: SessionClaims): readonly Role[];
  /** Confirms a session. Called by one request at a time for each session. Must have a time limit, and not throw. */
  recheck(session: Session): Promise<Recheck>;
  /** Deletes what is kept for a session that this process no longer knows. */
  release(sessionId: string): void;
}

/** The injection token of the sources. */
export const sessionSourcesToken = Symbol('sessionSources');
