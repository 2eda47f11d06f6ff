import type { JournalEntry, OperationResult } from '@aether-v/types';
import { Inject, Injectable } from '@nestjs/common';
import { clockToken } from '../common/clock.token.ts';
import type { Clock } from '../common/clock.ts';
import { HostOperations } from '../host-adapter/agent/host-operations.ts';
import { FleetStore } from '../inventory/fleet-store.ts';
import { toldTimes } from './host-times.ts';

/** Time limit of a journal query, in milliseconds. */
const queryTimeout = 30_000;

/** The actor of queries that the service makes on its own. */
const service = 'aether-v';

/** The options of a journal query. */
export interface QueryOptions {
  readonly actor: string;
  readonly deadline: Date;
  readonly signal: AbortSignal;
}

/** Queries the journals of hosts about single operations. Rejects with what `HostOperations.invoke` throws. */
@Injectable()
export class HostJournals {
  constructor(
    private readonly store: FleetStore,
    private readonly hosts: HostOperations,
    @Inject(clockToken) private readonly clock: Clock,
  ) {}

  /** Returns the options of a new query. */
  options(signal: AbortSignal, actor = service): QueryOptions {
    return { actor, deadline: new Date(this.clock.now() + queryTimeout), signal };
  }

  /** Returns the entry of an operation; null if the journal does not contain it. */
  entry(hostId: string, operationId: string, signal: AbortSignal): Promise<JournalEntry | null> {
    return this.hosts.invoke(hostId, 'operation.status', { operationId }, this.options(signal));
  }

  /** Returns an entry with its times by the service's clock. */
  told(hostId: string, entry: JournalEntry): JournalEntry {
    return { ...entry, ...toldTimes(this.store, hostId, entry, this.clock.now()) };
  }

  /** Requests cancellation of an operation, or blocks its id if the host does not know it. */
  cancel(
    hostId: string,
    operationId: string,
    signal: AbortSignal,
    actor = service,
  ): Promise<OperationResult<'operation.cancel'>> {
    return this.hosts.invoke(hostId, 'operation.cancel', { operationId }, this.options(signal, actor));
  }
}
