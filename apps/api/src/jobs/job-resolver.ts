import { vmActionNames, vmActions, type Job, type JournalEntry, type Vm } from '@aether-v/types';
import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { CLOCK } from '../common/clock.token.ts';
import { timestamp, type Cancel, type Clock } from '../common/clock.ts';
import { HostOperations } from '../host-adapter/host-operations.ts';
import { FleetStore, type FleetChange } from '../inventory/fleet-store.ts';
import { JobRows } from './job-rows.ts';
import { endedJob, isEnded, journalledJob, queuedJob } from './job-transitions.ts';

/** How far back the journals of hosts are read, in milliseconds. */
export const historyOnStart = 24 * 3_600_000;
/** How often a journal is asked for an operation that nobody listens to, in milliseconds. */
export const followInterval = 3000;
/** How long a question to a journal may take, in milliseconds. */
const questionTimeout = 30_000;
const actor = 'aether-v';

/**
 * Learns from the journals of hosts what the service does not know: what ran before it started, and what became of the
 * operations that it lost on the way.
 */
@Injectable()
export class JobResolver implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #log = new Logger('Jobs');
  readonly #restored = new Set<string>();
  readonly #followed = new Map<string, Cancel>();
  readonly #stop = new AbortController();
  #unsubscribe: (() => void) | undefined;

  constructor(
    private readonly store: FleetStore,
    private readonly rows: JobRows,
    private readonly hosts: HostOperations,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    this.#unsubscribe = this.store.subscribe((change) => this.#onChange(change));
    for (const host of this.store.rows('host').values()) this.#onChange({ kind: 'host', row: host });
  }

  onApplicationShutdown(): void {
    this.#unsubscribe?.();
    this.#stop.abort();
    for (const cancel of this.#followed.values()) cancel();
    this.#followed.clear();
  }

  #onChange(change: Pick<FleetChange, 'kind'> & { readonly row?: object }): void {
    const { kind, row } = change;
    if (row === undefined) return;
    // Listeners must not change the store themselves, so everything here happens a moment later.
    if (kind === 'host' && this.#isConnected((row as { id: string }).id)) {
      this.#later(() => this.#onConnected((row as { id: string }).id));
    }
    if (kind === 'job' && (row as Job).state === 'unknown') this.#follow(row as Job, 0);
  }

  #onConnected(hostId: string): void {
    if (!this.#restored.has(hostId)) {
      this.#restored.add(hostId);
      void this.#restore(hostId);
    }
    for (const job of this.rows.all()) {
      if (job.hostId === hostId && job.state === 'unknown') this.#follow(job, 0);
    }
  }

  /** Brings back the jobs of a host's journal that this life of the service has not seen. */
  async #restore(hostId: string): Promise<void> {
    const since = timestamp(this.clock.now() - historyOnStart);
    try {
      await this.hosts.invoke(
        hostId,
        'operation.list',
        { since },
        {
          ...this.#question(),
          onLine: (line) => {
            if (line.type === 'item') this.#restoreEntry(hostId, line.item);
          },
        },
      );
    } catch (error) {
      // It is tried again when the host comes back.
      this.#restored.delete(hostId);
      if (!this.#stop.signal.aborted)
        this.#log.warn(`The journal of ${hostId} cannot be read: ${String(error)}`);
    }
  }

  #restoreEntry(hostId: string, entry: JournalEntry): void {
    if (this.rows.get(entry.operationId) !== undefined) return;
    const vm = this.#vmOn(hostId, entry.vmId);
    const vmName = vm?.name ?? null;
    const subject = {
      id: entry.operationId,
      op: entry.op,
      title: [titleOf(entry.op), vmName].filter((part) => part !== null).join(' '),
      hostId,
      vmId: vm?.id ?? entry.vmId,
      vmName,
      actor: entry.actor,
    };
    const job = journalledJob(queuedJob(subject, entry.startedAt), entry, this.rows.now());
    this.rows.add(job);
    if (!isEnded(job)) this.#follow(job, followInterval);
  }

  /** The VM with this GUID on this host; another host may own the plain id. */
  #vmOn(hostId: string, vmGuid: string | null): Readonly<Vm> | undefined {
    if (vmGuid === null) return undefined;
    const rows = [vmGuid, `${vmGuid}@${hostId}`].map((id) => this.store.get('vm', id));
    return rows.find((vm) => vm?.hostId === hostId) ?? rows[0];
  }

  /** Asks the journal for a job until it says how it ended or the host is gone again. */
  #follow(job: Readonly<Job>, delay: number): void {
    if (this.#followed.has(job.id) || this.#stop.signal.aborted) return;
    const cancel = this.clock.schedule(delay, () => {
      void this.#ask(job.id, job.hostId).then((again) => {
        this.#followed.delete(job.id);
        if (again) this.#follow(job, followInterval);
      });
    });
    this.#followed.set(job.id, cancel);
  }

  /** @returns Whether it is worth asking again. */
  async #ask(jobId: string, hostId: string | null): Promise<boolean> {
    if (hostId === null || !this.#isConnected(hostId)) return false;
    try {
      const entry = await this.hosts.invoke(
        hostId,
        'operation.status',
        { operationId: jobId },
        this.#question(),
      );
      this.rows.update(jobId, (job) =>
        entry === null
          ? endedJob(job, this.rows.now(), neverBegan)
          : journalledJob(job, entry, this.rows.now()),
      );
      return entry?.state === 'running';
    } catch (error) {
      this.#log.warn(`What became of job ${jobId} is not known yet: ${String(error)}`);
      return !this.#stop.signal.aborted;
    }
  }

  #question(): { actor: string; deadline: Date; signal: AbortSignal } {
    return { actor, deadline: new Date(this.clock.now() + questionTimeout), signal: this.#stop.signal };
  }

  #isConnected(hostId: string): boolean {
    return this.store.get('host', hostId)?.connection.state === 'connected';
  }

  #later(task: () => void): void {
    queueMicrotask(() => {
      if (!this.#stop.signal.aborted) task();
    });
  }
}

const neverBegan = {
  code: 'outcome-unknown',
  message: 'The connection was lost, and the host has no record of the operation: it never began.',
  remedy: 'Try again.',
} as const;

function titleOf(op: string): string {
  const action = vmActionNames.find((name) => vmActions[name].op === op);
  return action === undefined ? op : vmActions[action].title;
}
