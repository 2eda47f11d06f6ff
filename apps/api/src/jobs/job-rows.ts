import type { Job } from '@aether-v/types';
import { Inject, Injectable } from '@nestjs/common';
import { AuditLog } from '../audit/audit-log.ts';
import { CLOCK } from '../common/clock.token.ts';
import { timestamp, type Clock } from '../common/clock.ts';
import { CONFIG, type Config } from '../config/settings.ts';
import { FleetStore } from '../inventory/fleet-store.ts';
import { isEnded, withCancelling, type JobRow } from './job-transitions.ts';

/** The jobs in the fleet: one place that changes them, remembers only so many, and records how each ends. */
@Injectable()
export class JobRows {
  /** Ended jobs, the longest ended first. */
  readonly #ended = new Set<string>();
  readonly #forgotten = new Set<(jobId: string) => void>();

  constructor(
    private readonly store: FleetStore,
    private readonly audit: AuditLog,
    @Inject(CONFIG) private readonly config: Pick<Config, 'jobHistory'>,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** The moment, as rows write it. */
  now(): string {
    return timestamp(this.clock.now());
  }

  get(jobId: string): JobRow | undefined {
    return this.store.get('job', jobId);
  }

  all(): Iterable<JobRow> {
    return this.store.rows('job').values();
  }

  /** Keeps a job that is new here. */
  add(job: Job): void {
    this.#keep(withCancelling(job));
  }

  /** Changes a job, unless it has ended: then nothing can happen to it any more. */
  update(jobId: string, change: (job: JobRow) => Job): void {
    const job = this.get(jobId);
    if (job === undefined || isEnded(job)) return;
    const changed = withCancelling(change(job));
    if (isEnded(changed) || (changed.state === 'unknown' && job.state !== 'unknown')) this.#record(changed);
    this.#keep(changed);
  }

  /** Calls `listener` with the id of every job that is forgotten. */
  onForgotten(listener: (jobId: string) => void): void {
    this.#forgotten.add(listener);
  }

  #keep(job: Job): void {
    this.store.put('job', job);
    if (!isEnded(job)) return;
    this.#ended.add(job.id);
    for (const id of this.#ended) {
      if (this.#ended.size <= this.config.jobHistory) return;
      this.#ended.delete(id);
      this.store.remove('job', id);
      for (const listener of this.#forgotten) listener(id);
    }
  }

  #record(job: Job): void {
    const { id, op, vmId, hostId, actor, state, error } = job;
    if (state === 'queued' || state === 'running') return;
    const target = { jobId: id, ...(vmId === null ? {} : { vmId }), ...(hostId === null ? {} : { hostId }) };
    this.audit.record({
      at: this.now(),
      actor,
      action: op,
      target,
      outcome: state,
      detail: error?.code ?? null,
    });
  }
}
