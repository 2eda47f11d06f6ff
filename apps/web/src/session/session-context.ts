import type { Permission } from '@aether-v/types';
import { createContext, use, useSyncExternalStore } from 'react';
import { whyNotPermitted } from './permissions.ts';
import type { SessionState, SignedIn } from './session-state.ts';
import type { SessionStore } from './session-store.ts';

export const SessionContext = createContext<SessionStore | null>(null);

export function useSessionStore(): SessionStore {
  const store = use(SessionContext);
  if (!store) throw new Error('SessionContext is missing above this component.');
  return store;
}

export function useSession(): SessionState {
  const { subscribe, state } = useSessionStore();
  return useSyncExternalStore(subscribe, state);
}

/** Returns who is signed in, or was until the session ended; null if no one was. */
export function useMe(): SignedIn | null {
  const session = useSession();
  return session.phase === 'signed-in' || session.phase === 'ended' ? session.me : null;
}

/** Returns a function that explains why the user lacks a permission; it returns null for one that the user has. */
export function useWhyNot(): (permission: Permission) => string | null {
  const me = useMe();
  return (permission) => whyNotPermitted(permission, me?.principal ?? null);
}
