import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { clockToken } from '../common/clock.token.ts';
import type { Clock } from '../common/clock.ts';
import { FleetStore } from '../inventory/fleet-store.ts';
import { HostJournals } from './host-journals.ts';

/** A child that must not start any more. */
export interface BarredChild {
  readonly id: string;
  readonly hostId: string;
  /** The time from which no service starts it, in milliseconds since 1970. */
  readonly until: number;
}

/**
 * Blocks the ids of children that ended without starting, as soon as their hosts are reachable. Otherwise a restarted
 * service that finds their parent's plan would start them.
 */
@Injectable()
export class ChildBars implements OnApplicationShutdown {
  readonly #log = new Logger('Jobs');
  /** The children to block, by host. */
  readonly #due = new Map<string, Map<string, BarredChild>>();
  readonly #busy = new Set<string>();
  readonly #stop = new AbortController();
  readonly #unsubscribe: () => void;

  constructor(
    private readonly store: FleetStore,
    private readonly journals: HostJournals,
    @Inject(clockToken) private readonly clock: Clock,
  ) {
    this.#unsubscribe = store.subscribe(({ kind, id }) => kind === 'host' && this.#tell(id));
  }

  onApplicationShutdown(): void {
    this.#stop.abort();
    this.#unsubscribe();
  }

  /** Blocks the id of a child, now or when its host is reachable. */
  bar(child: BarredChild): void {
    const due = this.#due.get(child.hostId) ?? new Map<string, BarredChild>();
    this.#due.set(child.hostId, due);
    for (const { id, until } of due.values()) if (until <= this.clock.now()) due.delete(id);
    due.set(child.id, child);
    this.#tell(child.hostId);
  }

  #tell(hostId: string): void {
    if (this.#busy.has(hostId) || !this.#due.has(hostId)) return;
    if (this.store.get('host', hostId)?.connection.state !== 'connected') return;
    this.#busy.add(hostId);
    queueMicrotask(() => {
      void this.#tellAll(hostId).finally(() => this.#busy.delete(hostId));
    });
  }

  async #tellAll(hostId: string): Promise<void> {
    const due = this.#due.get(hostId) ?? new Map<string, BarredChild>();
    try {
      for (const child of due.values()) {
        if (child.until > this.clock.now()) await this.journals.cancel(hostId, child.id, this.#stop.signal);
        due.delete(child.id);
      }
      this.#due.delete(hostId);
    } catch (error) {
      // Repeated when the row of the host changes, such as after its return.
      if (!this.#stop.signal.aborted) this.#log.warn(`${hostId} did not bar a job: ${String(error)}`);
    }
  }
}
