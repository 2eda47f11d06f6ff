import { maxJobLogLines, type Job, type JobLogLine } from '@aether-v/types';
import { loggedJob, progressedJob, type JobRow } from './job-transitions.ts';

interface Pending {
  lines: JobLogLine[];
  progress: { readonly percent: number | null; readonly message: string | null } | undefined;
}

/** What hosts said of jobs and is not in their rows yet: no more of each than a row can hold. */
export class PendingLines {
  readonly #pending = new Map<string, Pending>();

  /** Adds a line of the log. */
  log(jobId: string, line: JobLogLine): void {
    const pending = this.#of(jobId);
    pending.lines = [...pending.lines, line].slice(-maxJobLogLines);
  }

  /** Replaces what was said of the progress. */
  progress(jobId: string, percent: number | null, message: string | null): void {
    const pending = this.#of(jobId);
    pending.progress = { percent, message: message ?? pending.progress?.message ?? null };
  }

  /** The job with everything that was said of it, which is not pending any more. */
  take(job: JobRow): Readonly<Job> {
    const pending = this.#pending.get(job.id);
    if (pending === undefined) return job;
    this.#pending.delete(job.id);
    const { lines, progress } = pending;
    const progressed = progress === undefined ? job : progressedJob(job, progress.percent, progress.message);
    return lines.reduce<JobRow>((row, line) => loggedJob(row, line), progressed);
  }

  /** Drops what is pending of a job that is forgotten. */
  forget(jobId: string): void {
    this.#pending.delete(jobId);
  }

  #of(jobId: string): Pending {
    const pending = this.#pending.get(jobId) ?? { lines: [], progress: undefined };
    this.#pending.set(jobId, pending);
    return pending;
  }
}
