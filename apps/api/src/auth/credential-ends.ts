import { Injectable } from '@nestjs/common';

/** Announces the ends of credentials, such as a sign-out, to what is open on their behalf. */
@Injectable()
export class CredentialEnds {
  readonly #listeners = new Map<string, Set<() => void>>();

  /** Ends what is open for this credential; if its rights have changed, it is opened again with the new ones. */
  end(credentialId: string): void {
    for (const ended of this.#listeners.get(credentialId) ?? []) ended();
  }

  /** Calls `ended` when the credential ends; it must not throw. @returns Stops that. */
  onEnd(credentialId: string, ended: () => void): () => void {
    const listeners = this.#listeners.get(credentialId) ?? new Set();
    this.#listeners.set(credentialId, listeners.add(ended));
    return () => {
      listeners.delete(ended);
      if (listeners.size === 0 && this.#listeners.get(credentialId) === listeners) {
        this.#listeners.delete(credentialId);
      }
    };
  }
}
