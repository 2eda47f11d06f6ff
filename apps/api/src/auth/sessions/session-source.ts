import type { Role } from '@aether-v/types';
import type { Session, SessionClaims, SessionKind } from './session.ts';
import type { Confirmed } from './session-registry.ts';

/** The result of asking a source to confirm a session. */
export type Recheck =
  | ({ readonly outcome: 'confirmed' } & Confirmed)
  /** The person may no longer sign in. */
  | { readonly outcome: 'refused' }
  /** The source cannot be asked without the person, for example because its token was lost at a restart. */
  | { readonly outcome: 'impossible' }
  /** The source does not respond; `detail` says why. */
  | { readonly outcome: 'unreachable'; readonly detail: string };

/** Confirms the sessions of one kind of sign-in. */
export interface SessionSource {
  readonly kind: SessionKind;
  /** Returns the roles of a session under the current settings. */
  rolesOf(claims: SessionClaims): readonly Role[];
  /** Confirms a session. Not called concurrently for the same session. Must have a time limit, and must not throw. */
  recheck(session: Session): Promise<Recheck>;
  /** Deletes the data of a session that this process no longer knows, such as its tokens. */
  release(sessionId: string): void;
}

/** The injection token of the sources. */
export const sessionSourcesToken = Symbol('sessionSources');
