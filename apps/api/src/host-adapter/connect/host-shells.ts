import { randomBytes } from 'node:crypto';
import {
  lifeName,
  sweepShells,
  WsmanClient,
  WsmanError,
  type WsmanClientOptions,
} from '@aether-v/psrp/client';

/** What names a session's shell. */
export interface ShellName {
  readonly name: string;
  /** The session is over: what is left of its shell may be swept. */
  end(): void;
}

/** What all shells of this software are called, before the installation's own name. */
const product = 'Aether-V';

/**
 * The shells of this service on its hosts. Each session's has a name of its own, so that those that nobody holds any more
 * can be told from the living: those of an earlier life, and those that a lost connection left behind.
 */
export class HostShells {
  readonly #prefix: string;
  readonly #life = randomBytes(4).toString('hex');
  readonly #living = new Set<string>();
  readonly #swept = new Set<string>();
  #sessions = 0;

  /** @param service What this installation is called, or null where it has no name that lasts: then no earlier life is known. */
  constructor(service: string | null) {
    this.#prefix = `${product}:${service ?? randomBytes(8).toString('hex')}`;
  }

  /** Names the shell of a new session. */
  begin(): ShellName {
    this.#sessions += 1;
    const id = `${this.#life}-${this.#sessions.toString(36)}`;
    const name = lifeName(this.#prefix, id);
    this.#living.add(id);
    return { name, end: () => void this.#living.delete(id) };
  }

  /** Sweeps a host once in this life. @returns How many shells were deleted. */
  async sweepOnce(address: string, client: WsmanClientOptions, signal: AbortSignal): Promise<number> {
    if (this.#swept.has(address)) return 0;
    this.#swept.add(address);
    try {
      return await this.sweep(client, signal);
    } catch (error) {
      this.#swept.delete(address);
      throw error;
    }
  }

  /** Deletes the shells on a host that no session of this service holds. @returns How many there were. */
  async sweep(options: WsmanClientOptions, signal: AbortSignal): Promise<number> {
    const client = new WsmanClient({ ...options, maxConnections: 2 });
    try {
      const { deleted } = await sweepShells(client, {
        namePrefix: this.#prefix,
        living: this.#living,
        timeoutMs: sweepTimeout,
        signal,
      });
      return deleted.length;
    } finally {
      await client.close();
    }
  }
}

const sweepTimeout = 30_000;

/** Whether a host has no room for one more shell. */
export function isQuota(error: unknown): boolean {
  return error instanceof WsmanError && error.code === 'quota';
}
