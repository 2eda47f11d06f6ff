/** How many idempotency keys are known of each host; older ones are forgotten first. */
const maxKeysPerHost = 2000;

/** What a host's journal says of the operation that a key began. */
export interface JournalledKey {
  readonly operationId: string;
  readonly op: string;
  readonly fingerprint: string | undefined;
}

/** Which operations the idempotency keys in the journals of hosts began. Each host speaks only for itself. */
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

  /** Forgets what a host said that has left the fleet. */
  forgetHost(hostId: string): void {
    this.#hosts.delete(hostId);
  }
}
