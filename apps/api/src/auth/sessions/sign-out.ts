/** Sign-out at the identity provider of a session. */
export interface ProviderSignOut {
  /**
   * Prepares the sign-out while the session is still known.
   *
   * @param home The address of this service to which the provider returns the browser.
   * @returns The address at the provider to open; null if there is none.
   */
  leave(sessionId: string, home: string): Promise<string | null>;
}

/** The injection token of `ProviderSignOut`. */
export const signOutToken = Symbol('signOut');
