import { endMySession, getMe, listMySessions, signInWithPassword, signOut } from '@aether-v/api-client';
import type { Me, MySessions, SignedOut } from '@aether-v/types';
import { ask } from '../fleet/ask.ts';

/** The console's requests about sign-in and sessions. */
export const sessionApi = {
  async me(): Promise<Me> {
    return (await ask((signal) => getMe({ signal, cache: 'no-store' }))).data;
  },
  /** Signs in with a local account. */
  async signIn(user: string, password: string): Promise<void> {
    await ask((signal) => signInWithPassword({ body: { user, password }, signal }));
  },
  async signOut(): Promise<SignedOut> {
    return (await ask((signal) => signOut({ body: {}, signal }))).data;
  },
  async sessions(signal?: AbortSignal): Promise<MySessions> {
    return (await ask((within) => listMySessions({ signal: within }), signal)).data;
  },
  async endSession(sessionId: string): Promise<void> {
    await ask((signal) => endMySession({ path: { sessionId }, body: {}, signal }));
  },
};

/** The address that begins a sign-in at the identity provider, and then returns to this page of the console. */
export function providerSignIn(returnTo: string): string {
  return `/auth/login?returnTo=${encodeURIComponent(returnTo)}`;
}
