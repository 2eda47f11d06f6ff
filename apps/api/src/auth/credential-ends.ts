import { Injectable } from '@nestjs/common';

/** Notifies open event streams when their credential ends, for example by sign-out. */
@Injectable()
export class CredentialEnds {
  readonly #listeners = new Map<string, Set<() => void>>();

  /** Ends the streams of a credential, because it has ended or its permissions have changed. */
  end(credentialId: string): void {
    for (const ended of this.#listeners.get(credentialId) ?? []) ended();
  }

  /** Calls `ended`, which must not throw, when the credential ends. @returns A function that removes the listener. */
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
