import { permissions, type Me } from '@aether-v/types';

/** An administrator who has signed in with a local account. */
export const signedIn = {
  id: 'account:ada',
  name: 'Ada Example',
  method: 'session',
  role: 'admin',
  permissions: [...permissions],
  notice: null,
} as const satisfies Me['principal'];

/** The caller whom the fake service knows. */
export function makeMe(more: Partial<Me> = {}): Me {
  return {
    principal: { ...signedIn, permissions: [...signedIn.permissions] },
    session: {
      id: 's1',
      signedInAt: new Date().toISOString(),
      endsAt: new Date(Date.now() + 12 * 3_600_000).toISOString(),
      idleMinutes: 60,
    },
    ended: null,
    signIn: ['account'],
    provider: null,
    ...more,
  };
}

/** No one, with a local account as the way to sign in. */
export const noOne: Partial<Me> = { principal: null, session: null };
