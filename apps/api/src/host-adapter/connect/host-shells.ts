import { randomBytes } from 'node:crypto';
import {
  lifeName,
  sweepShells,
  WsmanClient,
  WsmanError,
  type WsmanClientOptions,
} from '@aether-v/psrp/client';

/** The name of a session's shell. */
export interface ShellName {
  readonly name: string;
  /** Marks the session as ended, so that its shell may be swept. */
  end(): void;
}

/** The prefix of all shell names of this software, before the installation's own name. */
const product = 'Aether-V';

/**
 * The shells of this service on its hosts. Each session's shell has a unique name, which distinguishes live shells from
 * orphans: those of an earlier run, and those left by a lost connection.
 */
export class HostShells {
  readonly #prefix: string;
  readonly #life = randomBytes(4).toString('hex');
  readonly #living = new Set<string>();
  readonly #swept = new Set<string>();
  #sessions = 0;

  /**
   * @param service The name of this installation; null if it has no permanent one, and then shells of earlier runs are
   * not recognized.
   */
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

  /** Sweeps a host once per run. @returns The number of deleted shells. */
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

  /** Deletes the shells of this service on a host that no session holds. @returns Their number. */
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

/** Returns whether a host has no room for another shell. */
export function isQuota(error: unknown): boolean {
  return error instanceof WsmanError && error.code === 'quota';
}
