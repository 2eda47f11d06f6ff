import { maxJobLogLines, type Job, type JobLogLine } from '@aether-v/types';
import { loggedJob, progressedJob, type JobRow } from './job-transitions.ts';

interface Pending {
  lines: JobLogLine[];
  progress: { readonly percent: number | null; readonly message: string | null } | undefined;
}

/** Hosts' messages about jobs that are not in their rows yet, limited to what a row can hold. */
export class PendingLines {
  readonly #pending = new Map<string, Pending>();

  /** Adds a log line. */
  log(jobId: string, line: JobLogLine): void {
    const pending = this.#of(jobId);
    pending.lines = [...pending.lines, line].slice(-maxJobLogLines);
  }

  /** Replaces the pending progress. */
  progress(jobId: string, percent: number | null, message: string | null): void {
    const pending = this.#of(jobId);
    pending.progress = { percent, message: message ?? pending.progress?.message ?? null };
  }

  /** Returns the job with all its pending messages, and clears them. */
  take(job: JobRow): Readonly<Job> {
    const pending = this.#pending.get(job.id);
    if (pending === undefined) return job;
    this.#pending.delete(job.id);
    const { lines, progress } = pending;
    const progressed = progress === undefined ? job : progressedJob(job, progress.percent, progress.message);
    return lines.reduce<JobRow>((row, line) => loggedJob(row, line), progressed);
  }

  /** Drops the pending messages of a removed job. */
  forget(jobId: string): void {
    this.#pending.delete(jobId);
  }

  #of(jobId: string): Pending {
    const pending = this.#pending.get(jobId) ?? { lines: [], progress: undefined };
    this.#pending.set(jobId, pending);
    return pending;
  }
}
