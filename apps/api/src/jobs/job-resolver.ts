import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { FleetChange } from '../inventory/fleet-change.ts';
import { FleetStore } from '../inventory/fleet-store.ts';
import { JobFollower } from './job-follower.ts';
import { JobRows } from './job-rows.ts';
import { JournalHistory } from './journal-history.ts';

/**
 * Triggers the reading of journals when hosts become reachable: for operations from before the start of the service,
 * and for those whose connection was lost.
 */
@Injectable()
export class JobResolver implements OnApplicationBootstrap, OnApplicationShutdown {
  #unsubscribe: (() => void) | undefined;
  #stopped = false;

  constructor(
    private readonly store: FleetStore,
    private readonly rows: JobRows,
    private readonly follower: JobFollower,
    private readonly history: JournalHistory,
  ) {}

  onApplicationBootstrap(): void {
    this.#unsubscribe = this.store.subscribe((change) => this.#onChange(change));
    for (const hostId of this.store.rows('host').keys()) this.#later(() => this.#onHost(hostId));
  }

  onApplicationShutdown(): void {
    this.#stopped = true;
    this.#unsubscribe?.();
  }

  #onChange(change: FleetChange): void {
    const { kind, id } = change;
    // Listeners must not change the store synchronously.
    if (kind === 'host') this.#later(() => this.#onHost(id));
    if (change.type === 'deleted') return;
    if (change.kind === 'vm') this.#later(() => this.history.placeVm(change.row));
    if (change.kind === 'job' && change.row.state === 'unknown') this.follower.follow(change.row);
  }

  #onHost(hostId: string): void {
    const host = this.store.get('host', hostId);
    if (host !== undefined) this.history.correctTimes(hostId);
    if (host === undefined) this.history.forget(hostId);
    else if (host.connection.state === 'connected') this.history.read(hostId);
    else return;
    for (const job of this.rows.all()) {
      if (job.hostId === hostId && job.state === 'unknown') this.follower.follow(job);
    }
  }

  #later(task: () => void): void {
    queueMicrotask(() => {
      if (!this.#stopped) task();
    });
  }
}
