import { timestamp, type Job, type JobLog, type JobLogLine } from '@aether-v/types';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { endOfJob } from '../audit/audit-jobs.ts';
import { AuditLog } from '../audit/audit-log.ts';
import { scopeOf, type RowScopes } from '../auth/can-see.ts';
import { clockToken } from '../common/clock.token.ts';
import type { Clock } from '../common/clock.ts';
import { configToken, type Config } from '../config/settings.ts';
import { FleetStore } from '../inventory/fleet-store.ts';
import { EndedJobs } from './ended-jobs.ts';
import { HostPace } from './host-pace.ts';
import { toldMoment } from './host-times.ts';
import { JobLogs } from './job-logs.ts';
import { isEnded, newlyUnacknowledged, shortLine, withCancelling, type JobRow } from './job-transitions.ts';
import { PendingLines } from './pending-lines.ts';

/** Minimum retention in milliseconds of an ended job, for callers that follow it. */
const keepEndedFor = 15 * 60_000;
/** Maximum size of the rows of all ended jobs, as JSON, in bytes. */
const maxEndedBytes = 64 * 1024 * 1024;
/** Maximum number of removed jobs that are remembered. */
const maxForgotten = 10_000;

type Corrected =
  | 'subject'
  | 'title'
  | 'createdAt'
  | 'startedAt'
  | 'finishedAt'
  | 'retriedBy'
  | 'acknowledgedBy'
  | 'acknowledgedAt';

/** The jobs of the fleet: the only place that changes them, limits their number, and records how each ends. */
@Injectable()
export class JobRows implements OnApplicationShutdown {
  readonly #ended: EndedJobs;
  /** The known jobs that were accepted before the service started. */
  readonly #restored = new Set<string>();
  readonly #forgotten = new Map<string, RowScopes['job']>();
  /** The ids of retries by the ids of the jobs that they retry. */
  readonly #retries = new Map<string, string>();
  readonly #listeners = new Set<(job: JobRow) => void>();
  readonly #logs = new JobLogs();
  readonly #pending = new PendingLines();
  readonly #pace: HostPace;

  constructor(
    private readonly store: FleetStore,
    private readonly audit: AuditLog,
    @Inject(configToken) config: Pick<Config, 'jobHistory'>,
    @Inject(clockToken) private readonly clock: Clock,
  ) {
    this.#ended = new EndedJobs({ count: config.jobHistory, bytes: maxEndedBytes, keepFor: keepEndedFor });
    this.#pace = new HostPace(clock, (jobId) => this.update(jobId, (job) => job));
    this.onForgotten(({ id }) => {
      this.#logs.forget(id);
      this.#pending.forget(id);
    });
  }

  onApplicationShutdown(): void {
    this.#pace.stop();
  }

  /** Returns the current time, in the format of rows. */
  now(): string {
    return timestamp(this.clock.now());
  }

  /** Converts a host's time in its jobs to the format of rows. */
  toldAt(hostId: string, moment: string): string {
    return toldMoment(this.store, hostId, moment, this.clock.now());
  }

  get(jobId: string): JobRow | undefined {
    return this.store.get('job', jobId);
  }

  all(): Iterable<JobRow> {
    return this.store.rows('job').values();
  }

  /** Adds a job that a request created or asked for, with the retention of such jobs. */
  add(job: JobRow): void {
    this.#keep(withCancelling(job), true);
  }

  /** Adds a job that was accepted before the service started, with the same retention. */
  addRestored(job: JobRow): void {
    this.#restore(job, true);
  }

  /** Adds a job from a journal, if there is room for it. */
  addHistory(job: JobRow): void {
    this.#restore(job, false);
  }

  /**
   * Returns another waiting or running job of this command on this subject. Unknown outcomes do not prevent a new
   * attempt, since the host checks.
   */
  underWay(command: string, subjectId: string, except?: string): JobRow | undefined {
    for (const job of this.all()) {
      if (job.command !== command || job.subject.id !== subjectId || job.children !== null) continue;
      if (job.id !== except && (job.state === 'queued' || job.state === 'running')) return job;
    }
    return undefined;
  }

  /** Changes a job; does nothing if it has ended. */
  update(jobId: string, change: (job: JobRow) => Job): void {
    const job = this.get(jobId);
    if (job === undefined || isEnded(job)) return;
    const changed = newlyUnacknowledged(withCancelling(change(this.#pending.take(job))), job);
    if (isEnded(changed) || (changed.state === 'unknown' && job.state !== 'unknown')) this.#record(changed);
    this.#keep(changed, changed.source === 'service');
  }

  /** Adds a line to a job's log. Its row follows when its host's turn comes. */
  log(jobId: string, line: JobLogLine): void {
    const job = this.#running(jobId);
    if (job === undefined) return;
    const hostId = job.hostId ?? '';
    const short = shortLine(line);
    this.#logs.add(jobId, hostId, short);
    this.#pending.log(jobId, short);
    this.#pace.request(hostId, jobId);
  }

  /** Sets the progress of a job. Its row follows when its host's turn comes. */
  progress(jobId: string, percent: number | null, message: string | null): void {
    const job = this.#running(jobId);
    if (job === undefined) return;
    this.#pending.progress(jobId, percent, message);
    this.#pace.request(job.hostId ?? '', jobId);
  }

  /** The number and size of the kept logs. */
  get logSize(): JobLogs['size'] {
    return this.#logs.size;
  }

  /** Returns a part of a job's log. */
  readLog(jobId: string, offset: number, limit: number): JobLog {
    return this.#logs.read(jobId, offset, limit);
  }

  /** Updates facts about a job that become known later, perhaps after its end. */
  correct(jobId: string, known: Partial<Pick<Job, Corrected>>): void {
    const job = this.get(jobId);
    if (job !== undefined) this.store.put('job', { ...job, ...known });
  }

  /** Removes a job that a host reported under the id of another job, which replaces it. */
  disown(jobId: string): void {
    this.#ended.remove(jobId);
    this.#forget(jobId);
    this.#forgotten.delete(jobId);
  }

  /** Returns what decides who saw a removed job; undefined if there was none with this id. */
  forgotten(jobId: string): RowScopes['job'] | undefined {
    return this.#forgotten.get(jobId);
  }

  /** Calls `listener` with every removed job. */
  onForgotten(listener: (job: JobRow) => void): void {
    this.#listeners.add(listener);
  }

  #running(jobId: string): JobRow | undefined {
    const job = this.get(jobId);
    return job === undefined || isEnded(job) ? undefined : job;
  }

  /**
   * Audits the outcome if the service's note proves that the job is its own. Only a database could tell whether an earlier
   * start has already recorded the outcome, so each start records it again, marked as restored.
   */
  #restore(job: JobRow, isAwaited: boolean): void {
    this.#restored.add(job.id);
    this.#keep(withCancelling(job), isAwaited);
    if (this.get(job.id) === undefined) this.#restored.delete(job.id);
    else if (job.source === 'service') this.#record(job);
  }

  #keep(kept: Job, isAwaited: boolean): void {
    const job = this.#linked(kept);
    // A job with an unknown outcome may never end, so its retention is the same as if it had.
    const isSettled = isEnded(job) || job.state === 'unknown';
    if (!isSettled) {
      this.#ended.remove(job.id);
      this.store.put('job', job);
      return;
    }
    const bytes = JSON.stringify(job).length;
    const endedAt = isAwaited ? this.clock.now() : this.#toldEnd(job);
    const forgotten = this.#ended.add(
      { id: job.id, hostId: job.hostId ?? '', isAwaited, endedAt, bytes },
      this.clock.now(),
    );
    if (this.get(job.id) !== undefined || !forgotten.includes(job.id)) this.store.put('job', job);
    for (const id of forgotten) this.#forget(id);
  }

  /** Links a job with its retry, in whatever order they become known. Only waiting jobs have a queue position. */
  #linked(job: Job): Job {
    if (job.retryOf !== null && this.#retries.get(job.retryOf) !== job.id) {
      this.#retries.set(job.retryOf, job.id);
      this.correct(job.retryOf, { retriedBy: job.id });
    }
    const queuePosition = job.state === 'queued' ? job.queuePosition : null;
    return { ...job, retriedBy: this.#retries.get(job.id) ?? null, queuePosition };
  }

  /** Returns the end of a job as reported by a host; times in the future are not accepted. */
  #toldEnd({ finishedAt, startedAt, createdAt }: Job): number {
    return Math.min(this.clock.now(), Date.parse(finishedAt ?? startedAt ?? createdAt));
  }

  #forget(jobId: string): void {
    const job = this.get(jobId);
    if (job === undefined) return;
    this.store.remove('job', jobId);
    this.#restored.delete(jobId);
    if (job.retryOf !== null) this.#retries.delete(job.retryOf);
    this.#forgotten.set(jobId, scopeOf('job', job));
    for (const oldest of this.#forgotten.keys()) {
      if (this.#forgotten.size <= maxForgotten) break;
      this.#forgotten.delete(oldest);
    }
    for (const listener of this.#listeners) listener(job);
  }

  #record(job: Job): void {
    const entry = endOfJob(job, this.#restored.has(job.id));
    if (entry !== undefined) this.audit.record(entry);
  }
}
