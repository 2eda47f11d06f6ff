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
import { JobRequests } from './job-requests.ts';
import { JobRows } from './job-rows.ts';
import { isEnded, type JobRow } from './job-transitions.ts';
import { JournalKeys } from './journal-keys.ts';
import { JournalNotes, type NoteContent } from './journal-notes.ts';
import { jobAbout, jobOfEntry } from './journalled-jobs.ts';
import { NewestEntries } from './newest-entries.ts';
import { ParentJobs } from './parent-jobs.ts';
import { VmCreations } from './vm-creations.ts';

/** The time range of journals that is read, in milliseconds. */
const historyOnStart = 24 * 3_600_000;
/** The maximum number of unfinished operations taken from one journal. */
const maxLivePerHost = 100;
/** The maximum size of the entries kept while a journal is read, as JSON, in bytes. */
const maxJournalBytes = 16 * 1024 * 1024;

/**
 * Reads the journal of each host once per run of the service, for its jobs and their idempotency keys. A host is only
 * believed about itself: it cannot affect ids known from elsewhere, or VMs that it does not have.
 */
@Injectable()
export class JournalHistory implements OnApplicationShutdown {
  readonly keys = new JournalKeys();
  readonly #log = new Logger('Jobs');
  readonly #reading = new Set<string>();
  readonly #read = new Set<string>();
  /** Hosts whose journal reading has ended, successfully or not. */
  readonly #tried = new Set<string>();
  /** Jobs whose VM has not been seen on their host, by GUID. */
  readonly #unplaced = new Map<string, Set<string>>();
  /** Job times by their hosts' clocks, whose offsets may be measured after the journal is read. */
  readonly #told = new Map<string, JournalTimes & Pick<JournalEntry, 'vmId'> & { readonly hostId: string }>();
  /** The clock offsets by which the times of hosts' jobs are corrected. */
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
    private readonly requests: JobRequests,
    private readonly creations: VmCreations,
    @Inject(configToken) private readonly config: Pick<Config, 'jobHistory'>,
    @Inject(clockToken) private readonly clock: Clock,
  ) {
    rows.onForgotten(({ id }) => this.#forgetJob(id));
  }

  onApplicationShutdown(): void {
    this.#stopped = true;
  }

  /** Returns whether a host's journal has been read completely. */
  isRead(hostId: string): boolean {
    return this.#read.has(hostId);
  }

  /** Returns whether reading a host's journal has succeeded or failed. */
  isTried(hostId: string): boolean {
    return this.#tried.has(hostId);
  }

  /** Reads the journal of a reachable host, unless it has been read or is being read. */
  read(hostId: string): void {
    if (this.#read.has(hostId) || this.#reading.has(hostId)) return;
    this.#reading.add(hostId);
    void this.#readJournal(hostId).finally(() => {
      this.#reading.delete(hostId);
      this.#tried.add(hostId);
      // The host may have been removed while its journal was read.
      if (this.store.get('host', hostId) === undefined) this.forget(hostId);
      for (const listener of this.#listeners) listener();
    });
  }

  /** Removes the data of a removed host. */
  forget(hostId: string): void {
    this.#read.delete(hostId);
    this.#tried.delete(hostId);
    this.#offsets.delete(hostId);
    this.keys.forgetHost(hostId);
  }

  /** Corrects the times of a host's jobs after its clock offset changed. */
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

  /** Resolves when more may have been read: a journal was completed, a host changed, or the time is over. */
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

  /** Returns the job of an operation in a host's journal; undefined if the journal does not contain it. */
  async job(hostId: string, operationId: string): Promise<JobRow | undefined> {
    if (this.rows.get(operationId) === undefined) {
      const entry = await this.hosts.invoke(
        hostId,
        'operation.status',
        { operationId },
        this.follower.question(),
      );
      if (entry?.operationId === operationId)
        this.#restore(hostId, entry, (job) => this.rows.addRestored(job));
    }
    const job = this.rows.get(operationId);
    if (job === undefined || job.hostId !== hostId) return undefined;
    if (isEnded(job)) this.rows.add(job);
    return job;
  }

  /** Links jobs to a VM that was now seen on their host. */
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
    const read = new NewestEntries({ count: limit, bytes: maxJournalBytes });
    const plans = new Map<string, NoteContent>();
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
            this.#learnPlan(hostId, line.item, plans);
            read.add(line.item);
          },
        },
      );
      this.#read.add(hostId);
    } catch (error) {
      // Retried when the host returns, or when a request needs it.
      if (!this.#stopped) this.#log.warn(`The journal of ${hostId} cannot be read: ${String(error)}`);
    }
    const entries = read.all();
    const live = entries.filter(isLive).slice(-Math.min(limit, maxLivePerHost));
    const ended = entries.filter((entry) => !isLive(entry)).slice(-limit);
    for (const entry of [...ended, ...live]) this.#restore(hostId, entry, (job) => this.rows.addHistory(job));
    // Last, so that the children on this host are known.
    for (const plan of plans.values()) this.parents.restore(plan);
  }

  #learnKey(hostId: string, { operationId, op, idempotencyKey, fingerprint }: JournalEntry): void {
    if (idempotencyKey !== undefined)
      this.keys.learn(hostId, idempotencyKey, { operationId, op, fingerprint });
  }

  /** Keeps the plan of a parent even if there is no room for the job that carries it. */
  #learnPlan(hostId: string, entry: JournalEntry, plans: Map<string, NoteContent>): void {
    const note = this.notes.read(hostId, entry);
    if (note?.parent !== undefined && this.parents.continues(note)) plans.set(note.parent.id, note);
  }

  #restore(hostId: string, entry: JournalEntry, keep: (job: JobRow) => void): void {
    const { operationId, vmId } = entry;
    const note = this.notes.read(hostId, entry);
    const known = this.rows.get(operationId);
    if (known !== undefined) {
      if (note === undefined || known.source === 'service') return;
      // A host reported an operation under an id that belongs to an operation of another host.
      this.rows.disown(operationId);
    }
    keep(jobOfEntry(this.store, hostId, entry, note, this.clock.now()));
    const job = this.rows.get(operationId);
    if (job === undefined) return;
    if (note !== undefined) this.requests.restore(operationId, note.request, note.hasSecrets ?? false);
    this.creations.learn(job, vmId);
    const { startedAt, finishedAt } = entry;
    this.#told.set(operationId, { hostId, vmId, startedAt, finishedAt });
    if (note === undefined && job.subject.id === null && vmId !== null) {
      this.#unplaced.set(vmId, (this.#unplaced.get(vmId) ?? new Set()).add(operationId));
    }
    if (!isEnded(job)) this.follower.follow(job, followInterval);
  }
}

function isLive({ state }: JournalEntry): boolean {
  return state === 'running' || state === 'unknown';
}
