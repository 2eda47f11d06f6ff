import { vmActionNames, vmActions, type JournalEntry, type Vm } from '@aether-v/types';
import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { CLOCK } from '../common/clock.token.ts';
import { timestamp, type Clock } from '../common/clock.ts';
import { CONFIG, type Config } from '../config/settings.ts';
import { HostOperations } from '../host-adapter/host-operations.ts';
import { FleetStore, type FleetChange } from '../inventory/fleet-store.ts';
import { followInterval, JobFollower } from './job-follower.ts';
import { JobRows } from './job-rows.ts';
import { isEnded, journalledJob, queuedJob } from './job-transitions.ts';

/** How far back the journals of hosts are read, in milliseconds. */
export const historyOnStart = 24 * 3_600_000;

/**
 * Learns from the journals of hosts what the service does not know: what ran before it started, and what became of the
 * operations that it lost on the way.
 */
@Injectable()
export class JobResolver implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #log = new Logger('Jobs');
  readonly #restored = new Set<string>();
  #unsubscribe: (() => void) | undefined;
  #stopped = false;

  constructor(
    private readonly store: FleetStore,
    private readonly rows: JobRows,
    private readonly follower: JobFollower,
    private readonly hosts: HostOperations,
    @Inject(CONFIG) private readonly config: Pick<Config, 'jobHistory'>,
    @Inject(CLOCK) private readonly clock: Clock,
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
    if (change.type === 'deleted') return;
    const { kind, id, row } = change;
    // Listeners must not change the store themselves, so that happens a moment later.
    if (kind === 'host') this.#later(() => this.#onHost(id));
    if (kind === 'job' && row.state === 'unknown') this.follower.follow(row);
  }

  #onHost(hostId: string): void {
    if (this.store.get('host', hostId)?.connection.state !== 'connected') return;
    if (!this.#restored.has(hostId)) {
      this.#restored.add(hostId);
      void this.#restore(hostId);
    }
    for (const job of this.rows.all()) {
      if (job.hostId === hostId && job.state === 'unknown') this.follower.follow(job);
    }
  }

  /** Brings back the jobs of a host's journal that this life of the service has not seen. */
  async #restore(hostId: string): Promise<void> {
    const since = timestamp(this.clock.now() - historyOnStart);
    const limit = this.config.jobHistory;
    let entries: JournalEntry[] = [];
    try {
      await this.hosts.invoke(
        hostId,
        'operation.list',
        { since },
        {
          ...this.follower.question(),
          onLine: (line) => {
            if (line.type !== 'item') return;
            entries.push(line.item);
            // A journal may be of any length; what is kept of it is not.
            if (entries.length > 2 * limit) entries = newest(entries, limit);
          },
        },
      );
    } catch (error) {
      // It is tried again when the host comes back.
      this.#restored.delete(hostId);
      if (!this.#stopped) this.#log.warn(`The journal of ${hostId} cannot be read: ${String(error)}`);
    }
    for (const entry of newest(entries, limit)) this.#restoreEntry(hostId, entry);
  }

  #restoreEntry(hostId: string, entry: JournalEntry): void {
    if (this.rows.get(entry.operationId) !== undefined) return;
    const { vmId, vm } = this.#vmOf(hostId, entry.vmId);
    const vmName = vm?.name ?? null;
    const subject = {
      id: entry.operationId,
      op: entry.op,
      title: [titleOf(entry.op), vmName].filter((part) => part !== null).join(' '),
      hostId,
      vmId,
      vmName,
      actor: entry.actor,
      source: 'host' as const,
    };
    const job = journalledJob(queuedJob(subject, entry.startedAt), entry, this.rows.now());
    this.rows.add(job);
    if (!isEnded(job)) this.follower.follow(job, followInterval);
  }

  /**
   * The VM that an entry is about: the one with this GUID on this host or on another node of its cluster, or one that is no
   * more. A host has no say over what was done to VMs elsewhere.
   */
  #vmOf(hostId: string, guid: string | null): { vmId: string | null; vm?: Readonly<Vm> | undefined } {
    if (guid === null) return { vmId: null };
    const rows = [guid, `${guid}@${hostId}`].flatMap((id) => this.store.get('vm', id) ?? []);
    const clusterId = this.store.get('host', hostId)?.clusterId ?? null;
    const vm =
      rows.find((row) => row.hostId === hostId) ??
      rows.find((row) => clusterId !== null && row.clusterId === clusterId);
    return { vmId: vm?.id ?? (rows.length === 0 ? guid : null), vm };
  }

  #later(task: () => void): void {
    queueMicrotask(() => {
      if (!this.#stopped) task();
    });
  }
}

/** The newest entries, the oldest of them first: ids are UUIDv7 and sort by time. */
function newest(entries: readonly JournalEntry[], limit: number): JournalEntry[] {
  return entries.toSorted((a, b) => (a.operationId < b.operationId ? -1 : 1)).slice(-limit);
}

function titleOf(op: string): string {
  if (op === 'vm.delete') return 'Delete';
  const action = vmActionNames.find((name) => vmActions[name].op === op);
  return action === undefined ? op : vmActions[action].title;
}
