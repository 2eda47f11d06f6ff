import { Injectable } from '@nestjs/common';
import { assertPermitted } from '../auth/assert-permitted.ts';
import { permissionOfJob } from '../auth/job-access.ts';
import type { Principal } from '../auth/principal.ts';
import { ProblemError } from '../problems/problem-error.ts';
import { needsAttention } from './job-filter.ts';
import { JobRows } from './job-rows.ts';
import type { JobRow } from './job-transitions.ts';
import { JobsService } from './jobs.service.ts';

/** Acknowledges jobs that did not succeed. */
@Injectable()
export class JobAcknowledgement {
  constructor(
    private readonly jobs: JobsService,
    private readonly rows: JobRows,
  ) {}

  /**
   * Records that the principal has taken note of a job that failed or whose outcome is unknown, and of its children.
   * The first acknowledgement counts.
   *
   * @throws ProblemError as `JobsService.read`, if the principal lacks the permission of the job's command, or if the
   * job has another state.
   */
  acknowledge(jobId: string, principal: Principal): JobRow {
    const job = this.jobs.read(jobId, principal);
    assertPermitted(principal, permissionOfJob(job));
    const { state } = job;
    if (state !== 'failed' && state !== 'unknown') {
      throw new ProblemError(
        'wrong-state',
        `Only failed jobs and jobs with an unknown outcome can be acknowledged; this one is ${state}.`,
        { state },
      );
    }
    const acknowledged = { acknowledgedBy: principal.name, acknowledgedAt: this.rows.now() };
    for (const row of [...this.rows.all()]) {
      const isMeant = row.id === jobId || row.parentId === jobId;
      if (isMeant && needsAttention(row)) this.rows.correct(row.id, acknowledged);
    }
    return this.jobs.read(jobId, principal);
  }
}
