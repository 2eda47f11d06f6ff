/** Sign-out at the identity provider of a session. */
export interface ProviderSignOut {
  /**
   * Prepares the sign-out at the provider. Must be called before the session ends.
   *
   * @param home The address of this service to which the provider returns the browser.
   * @returns The address at the provider to open; null if the provider has none.
   */
  leave(sessionId: string, home: string): Promise<string | null>;
}

/** The injection token of `ProviderSignOut`. */
export const signOutToken = Symbol('signOut');
