import type { ErrorInfo } from '@aether-v/types';
import { Injectable } from '@nestjs/common';
import { assertPermitted } from '../auth/assert-permitted.ts';
import { permissionOfJob } from '../auth/job-access.ts';
import type { Principal } from '../auth/principal.ts';
import { ProblemError } from '../problems/problem-error.ts';
import { HostJournals } from './host-journals.ts';
import { JobQueue } from './job-queue.ts';
import { JobRows } from './job-rows.ts';
import {
  cancelFailedJob,
  cancelRequestedJob,
  cancelTooLateJob,
  endedJob,
  isEnded,
  lostJob,
  type JobRow,
} from './job-transitions.ts';
import { JobsService } from './jobs.service.ts';
import { ParentJobs } from './parent-jobs.ts';

/** Cancels jobs and their children. */
@Injectable()
export class JobCancellation {
  constructor(
    private readonly jobs: JobsService,
    private readonly rows: JobRows,
    private readonly queue: JobQueue,
    private readonly parents: ParentJobs,
    private readonly journals: HostJournals,
  ) {}

  /**
   * Requests the cancellation of a job. A waiting job is cancelled at once; a running one ends at its host's next
   * check, or continues if it can no longer be undone (`cancelOutcome`). A job with children cancels each of them.
   *
   * @throws ProblemError as `JobsService.read`, if the principal lacks the permission of the job's command, or if the
   * job has ended.
   */
  cancel(jobId: string, principal: Principal): JobRow {
    const job = this.jobs.read(jobId, principal);
    assertPermitted(principal, permissionOfJob(job));
    if (isEnded(job)) {
      throw new ProblemError('wrong-state', `The job has already ended: ${job.state}.`, { state: job.state });
    }
    const children = this.parents.childrenOf(jobId);
    if (children.length > 0) this.rows.update(jobId, cancelRequestedJob);
    for (const id of children.length > 0 ? children : [jobId]) this.#cancelOne(id, principal);
    return this.jobs.read(jobId, principal);
  }

  #cancelOne(jobId: string, principal: Principal): void {
    const job = this.rows.get(jobId);
    if (job === undefined || isEnded(job)) return;
    this.rows.update(jobId, cancelRequestedJob);
    const isWaiting = job.state === 'queued';
    if (isWaiting) this.queue.remove(jobId);
    const mayBegin = !isWaiting || this.parents.mayHaveBegun(jobId);
    if (isWaiting && mayBegin) {
      this.rows.update(jobId, (row) => lostJob(row, mayHaveBegun));
    } else if (isWaiting) {
      const message = `Cancelled by ${principal.name} before it started.`;
      this.rows.update(jobId, (row) =>
        endedJob(row, this.rows.now(), { code: 'cancelled', message, remedy: null }),
      );
    }
    if (mayBegin && !job.cancelRequested && job.hostId !== null) {
      void this.#askHost(jobId, job.hostId, principal.name);
    }
  }

  async #askHost(jobId: string, hostId: string, actor: string): Promise<void> {
    const note = (level: 'info' | 'warning', message: string): void =>
      this.rows.log(jobId, { at: this.rows.now(), level, message });
    note('info', `${actor} requested cancellation.`);
    try {
      const { accepted } = await this.journals.cancel(hostId, jobId, this.queue.shutdown, actor);
      if (accepted) return;
      note('warning', 'The cancel request came too late: the host can no longer cancel the operation.');
      this.rows.update(jobId, cancelTooLateJob);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      note('warning', `The host did not receive the cancel request: ${why}`);
      this.rows.update(jobId, cancelFailedJob);
    }
  }
}

const mayHaveBegun: ErrorInfo = {
  code: 'outcome-unknown',
  message:
    'The operation may have started before the service restarted. Its host has been asked to cancel it.',
  remedy: null,
};
