/** The maximum number of idempotency keys per host; the oldest are removed first. */
const maxKeysPerHost = 2000;

/** The journal entry of an idempotency key. */
export interface JournalledKey {
  readonly operationId: string;
  readonly op: string;
  readonly fingerprint: string | undefined;
}

/** The idempotency keys in hosts' journals, each with the operation that it started. A key applies to its host only. */
export class JournalKeys {
  readonly #hosts = new Map<string, Map<string, JournalledKey>>();

  learn(hostId: string, key: string, known: JournalledKey): void {
    const keys = this.#hosts.get(hostId) ?? new Map<string, JournalledKey>();
    this.#hosts.set(hostId, keys);
    keys.delete(key);
    keys.set(key, known);
    for (const oldest of keys.keys()) {
      if (keys.size <= maxKeysPerHost) return;
      keys.delete(oldest);
    }
  }

  find(hostId: string, key: string): JournalledKey | undefined {
    return this.#hosts.get(hostId)?.get(key);
  }

  /** Removes the keys of a removed host. */
  forgetHost(hostId: string): void {
    this.#hosts.delete(hostId);
  }
}
