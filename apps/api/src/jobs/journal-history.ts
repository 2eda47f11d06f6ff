import { timestamp, type JournalEntry, type Vm } from '@aether-v/types';
import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { clockToken } from '../common/clock.token.ts';
import type { Clock } from '../common/clock.ts';
import { configToken, type Config } from '../config/settings.ts';
import { HostOperations } from '../host-adapter/agent/host-operations.ts';
import { FleetStore } from '../inventory/fleet-store.ts';
import { serviceTime } from '../inventory/service-time.ts';
import { toldTimes, type JournalTimes } from './host-times.ts';
import { followInterval, JobFollower } from './job-follower.ts';
import { JobRows } from './job-rows.ts';
import { isEnded, type JobRow } from './job-transitions.ts';
import { JournalKeys } from './journal-keys.ts';
import { JournalNotes } from './journal-notes.ts';
import { jobAbout, jobOfEntry } from './journalled-jobs.ts';
import { ParentJobs } from './parent-jobs.ts';

/** How far back the journals of hosts are read, in milliseconds. */
const historyOnStart = 24 * 3_600_000;
/** How many operations that have not ended are taken out of one journal. */
const maxLivePerHost = 100;

/**
 * Reads the journal of each host once in the life of the service: the jobs that it tells of, and their idempotency keys. A host is
 * believed for itself alone: no id that is known otherwise, no VM that it does not have.
 */
@Injectable()
export class JournalHistory implements OnApplicationShutdown {
  readonly keys = new JournalKeys();
  readonly #log = new Logger('Jobs');
  readonly #reading = new Set<string>();
  readonly #read = new Set<string>();
  /** Hosts of which a reading has ended, whether or not it succeeded. */
  readonly #tried = new Set<string>();
  /** Jobs whose VM has not been seen on their host, by its GUID. */
  readonly #unplaced = new Map<string, Set<string>>();
  /** When jobs ran by the clocks of their hosts, which may be measured later than the journal is read. */
  readonly #told = new Map<string, JournalTimes & Pick<JournalEntry, 'vmId'> & { readonly hostId: string }>();
  /** By which offsets the times of a host's jobs are corrected. */
  readonly #offsets = new Map<string, number>();
  readonly #listeners = new Set<() => void>();
  #stopped = false;

  constructor(
    private readonly store: FleetStore,
    private readonly rows: JobRows,
    private readonly follower: JobFollower,
    private readonly hosts: HostOperations,
    private readonly notes: JournalNotes,
    private readonly parents: ParentJobs,
    @Inject(configToken) private readonly config: Pick<Config, 'jobHistory'>,
    @Inject(clockToken) private readonly clock: Clock,
  ) {
    rows.onForgotten(({ id }) => this.#forgetJob(id));
  }

  onApplicationShutdown(): void {
    this.#stopped = true;
  }

  /** Whether the journal of a host has been read to its end. */
  isRead(hostId: string): boolean {
    return this.#read.has(hostId);
  }

  /** Whether the journal of a host has been read, or could not be. */
  isTried(hostId: string): boolean {
    return this.#tried.has(hostId);
  }

  /** Reads the journal of a host that can be reached, unless that is done or under way. */
  read(hostId: string): void {
    if (this.#read.has(hostId) || this.#reading.has(hostId)) return;
    this.#reading.add(hostId);
    void this.#readJournal(hostId).finally(() => {
      this.#reading.delete(hostId);
      this.#tried.add(hostId);
      // It may have left the fleet while its journal was read.
      if (this.store.get('host', hostId) === undefined) this.forget(hostId);
      for (const listener of this.#listeners) listener();
    });
  }

  /** Forgets a host that has left the fleet. */
  forget(hostId: string): void {
    this.#read.delete(hostId);
    this.#tried.delete(hostId);
    this.#offsets.delete(hostId);
    this.keys.forgetHost(hostId);
  }

  /** Corrects the times of a host's jobs if its clock turned out to be further off, or less. */
  correctTimes(hostId: string): void {
    const offsetMs = this.store.get('host', hostId)?.clockOffsetMs ?? 0;
    if ((this.#offsets.get(hostId) ?? 0) === offsetMs) return;
    this.#offsets.set(hostId, offsetMs);
    for (const [jobId, told] of this.#told) {
      if (told.hostId !== hostId) continue;
      const { startedAt, finishedAt } = toldTimes(this.store, hostId, told, this.clock.now());
      const ended = finishedAt === null ? {} : { finishedAt };
      this.rows.correct(jobId, { createdAt: startedAt, startedAt, ...ended });
    }
  }

  /** Resolves when more may have been read: a journal has ended, a host has changed, or the time is over. */
  async progress(milliseconds: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const wake = (): void => resolve(undefined);
    const cancel = this.clock.schedule(milliseconds, wake);
    const unsubscribe = this.store.subscribe(({ kind }) => kind === 'host' && wake());
    this.#listeners.add(wake);
    await promise;
    this.#listeners.delete(wake);
    unsubscribe();
    cancel();
  }

  /** The job of an operation in the journal of a host; undefined if the journal does not know it. */
  async job(hostId: string, operationId: string): Promise<JobRow | undefined> {
    if (this.rows.get(operationId) === undefined) {
      const entry = await this.hosts.invoke(
        hostId,
        'operation.status',
        { operationId },
        this.follower.question(),
      );
      if (entry?.operationId === operationId) this.#restore(hostId, entry, (job) => this.rows.add(job));
    }
    const job = this.rows.get(operationId);
    if (job === undefined || job.hostId !== hostId) return undefined;
    if (isEnded(job)) this.rows.add(job);
    return job;
  }

  /** A VM is seen on a host: jobs that were about it say so from now on. */
  placeVm({ vmId }: Pick<Vm, 'vmId'>): void {
    const jobIds = this.#unplaced.get(vmId) ?? new Set<string>();
    for (const jobId of jobIds) {
      const job = this.rows.get(jobId);
      const about = job?.hostId == null ? undefined : jobAbout(this.store, job.hostId, job.command, vmId);
      if (job !== undefined && about?.subject.id === null) continue;
      if (about !== undefined) this.rows.correct(jobId, about);
      jobIds.delete(jobId);
    }
    if (jobIds.size === 0) this.#unplaced.delete(vmId);
  }

  #forgetJob(jobId: string): void {
    const vmId = this.#told.get(jobId)?.vmId ?? null;
    this.#told.delete(jobId);
    if (vmId === null) return;
    const jobIds = this.#unplaced.get(vmId);
    jobIds?.delete(jobId);
    if (jobIds?.size === 0) this.#unplaced.delete(vmId);
  }

  async #readJournal(hostId: string): Promise<void> {
    const aheadMs = this.store.get('host', hostId)?.clockOffsetMs ?? 0;
    const since = serviceTime(timestamp(this.clock.now() - historyOnStart), -aheadMs);
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
            this.#learnKey(hostId, line.item);
            entries.push(line.item);
            // A journal may be of any length; what is kept of it is not.
            if (entries.length > 2 * limit) entries = newest(entries, limit);
          },
        },
      );
      this.#read.add(hostId);
    } catch (error) {
      // It is tried again when the host comes back, or when a request needs it.
      if (!this.#stopped) this.#log.warn(`The journal of ${hostId} cannot be read: ${String(error)}`);
    }
    const live = newest(entries.filter(isLive), Math.min(limit, maxLivePerHost));
    const ended = newest(
      entries.filter((entry) => !isLive(entry)),
      limit,
    );
    for (const entry of [...ended, ...live]) this.#restore(hostId, entry, (job) => this.rows.addHistory(job));
  }

  #learnKey(hostId: string, { operationId, op, idempotencyKey, fingerprint }: JournalEntry): void {
    if (idempotencyKey !== undefined)
      this.keys.learn(hostId, idempotencyKey, { operationId, op, fingerprint });
  }

  #restore(hostId: string, entry: JournalEntry, keep: (job: JobRow) => void): void {
    const { operationId, vmId } = entry;
    if (this.rows.get(operationId) !== undefined) return;
    const note = this.notes.read(entry);
    keep(jobOfEntry(this.store, hostId, entry, note, this.clock.now()));
    const job = this.rows.get(operationId);
    if (job === undefined) return;
    const { startedAt, finishedAt } = entry;
    this.#told.set(operationId, { hostId, vmId, startedAt, finishedAt });
    if (note !== undefined) this.parents.restore(note);
    else if (job.subject.id === null && vmId !== null) {
      this.#unplaced.set(vmId, (this.#unplaced.get(vmId) ?? new Set()).add(operationId));
    }
    if (!isEnded(job)) this.follower.follow(job, followInterval);
  }
}

function isLive({ state }: JournalEntry): boolean {
  return state === 'running' || state === 'unknown';
}

/** Returns the newest entries, the oldest of them first. */
function newest(entries: readonly JournalEntry[], limit: number): JournalEntry[] {
  return entries.toSorted((a, b) => Date.parse(a.startedAt) - Date.parse(b.startedAt)).slice(-limit);
}
