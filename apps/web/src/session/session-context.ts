import type { Permission } from '@aether-v/types';
import { createContext, use, useCallback, useSyncExternalStore } from 'react';
import { useStreamStatus } from '../fleet/fleet-context.ts';
import { permissionTexts } from './permissions.text.ts';
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

/**
 * Returns a function that explains why the user cannot act now: because the service is unreachable, or because the user
 * lacks the permission. It returns null if the user can.
 */
export function useWhyNot(): (permission: Permission) => string | null {
  const me = useMe();
  const isUnreachable = useStreamStatus().state === 'unreachable';
  return useCallback(
    (permission) =>
      isUnreachable ? permissionTexts.unreachable : whyNotPermitted(permission, me?.principal ?? null),
    [isUnreachable, me],
  );
}
