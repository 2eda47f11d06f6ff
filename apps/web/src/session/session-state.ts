import type { Me, SessionEndReason } from '@aether-v/types';

/** Someone who is signed in. */
export type Principal = NonNullable<Me['principal']>;

/** The caller, who is signed in. */
export interface SignedIn extends Me {
  readonly principal: Principal;
}

/** The session of this page. */
export type SessionState =
  /** `error` is the reason why the service has not answered yet. */
  | { readonly phase: 'loading'; readonly error: Error | null }
  /** No one was signed in on this page. */
  | { readonly phase: 'signed-out'; readonly me: Me }
  | { readonly phase: 'signed-in'; readonly me: SignedIn }
  /** The session ended while the page was in use: `me` is who was signed in, `ways` how to sign in again. */
  | {
      readonly phase: 'ended';
      readonly me: SignedIn;
      readonly reason: SessionEndReason | null;
      readonly ways: Me;
    };

/** Returns whether someone is signed in. */
function isSignedIn(me: Me): me is SignedIn {
  return me.principal !== null;
}

/**
 * Returns the state after the service has answered who the caller is.
 *
 * @returns `'other-person'` if the page belongs to someone else, so nothing of it may stay.
 */
export function nextState(state: SessionState, me: Me): SessionState | 'other-person' {
  const before = state.phase === 'signed-in' || state.phase === 'ended' ? state.me : null;
  if (isSignedIn(me)) {
    const isSame = before === null || before.principal.id === me.principal.id;
    return isSame ? { phase: 'signed-in', me } : 'other-person';
  }
  return before === null
    ? { phase: 'signed-out', me }
    : { phase: 'ended', me: before, reason: me.ended, ways: me };
}
