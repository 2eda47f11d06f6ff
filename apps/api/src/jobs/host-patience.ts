import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { clockToken } from '../common/clock.token.ts';
import type { Clock } from '../common/clock.ts';
import { awaitChange } from '../inventory/await-change.ts';
import { FleetStore } from '../inventory/fleet-store.ts';

/** The waiting time of queued jobs for an unreachable host, in milliseconds. */
export const queuePatience = 60_000;
/** Delay in milliseconds before retrying a host that is connected but did not receive the request. */
const retryAfter = 1000;

/**
 * Keeps the queued jobs of an unreachable host waiting. A short interruption costs none of them; after a longer one all
 * end together, before they have begun.
 */
@Injectable()
export class HostPatience implements OnApplicationShutdown {
  /** The times since when hosts are unreachable, in milliseconds since 1970. */
  readonly #lostSince = new Map<string, number>();
  readonly #unreachable = new Set<string>();
  readonly #unsubscribe: () => void;

  constructor(
    private readonly store: FleetStore,
    @Inject(clockToken) private readonly clock: Clock,
  ) {
    this.#unsubscribe = store.subscribe(({ kind, id }) => kind === 'host' && this.#onHost(id));
  }

  onApplicationShutdown(): void {
    this.#unsubscribe();
  }

  /** Records that a host was not reached. */
  lost(hostId: string): void {
    if (!this.#lostSince.has(hostId)) this.#lostSince.set(hostId, this.clock.now());
  }

  /** Records that a host was reached. */
  reached(hostId: string): void {
    this.#lostSince.delete(hostId);
  }

  /** Returns whether a host may be tried now. */
  isReady(hostId: string): boolean {
    return !this.#lostSince.has(hostId);
  }

  /**
   * Waits until a host may be tried.
   *
   * @returns False if it was unreachable for too long, or the signal was aborted.
   */
  async ready(hostId: string, signal: AbortSignal): Promise<boolean> {
    while (!signal.aborted) {
      const since = this.#lostSince.get(hostId);
      if (since === undefined) return true;
      const left = since + queuePatience - this.clock.now();
      if (left <= 0) {
        if (!this.#unreachable.has(hostId)) this.reached(hostId);
        return false;
      }
      const isUnreachable = this.#unreachable.has(hostId);
      const timeoutMs = isUnreachable ? left : Math.min(left, retryAfter);
      await awaitChange(this.store, { kind: 'host', id: hostId }, { clock: this.clock, timeoutMs, signal });
      if (!isUnreachable && !this.#unreachable.has(hostId) && since + queuePatience > this.clock.now())
        return !signal.aborted;
    }
    return false;
  }

  #onHost(hostId: string): void {
    const state = this.store.get('host', hostId)?.connection.state;
    if (state === 'unreachable') {
      this.#unreachable.add(hostId);
      this.lost(hostId);
    } else if (this.#unreachable.delete(hostId) || state === undefined) this.reached(hostId);
  }
}
