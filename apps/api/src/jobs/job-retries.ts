import { isCommandName, type BulkAccepted, type CommandName } from '@aether-v/types';
import { Injectable } from '@nestjs/common';
import type { RequestEntry } from '../audit/request-entry.ts';
import { assertPermitted } from '../auth/assert-permitted.ts';
import { permissionOfJob } from '../auth/job-access.ts';
import type { Principal } from '../auth/principal.ts';
import { FleetViews } from '../inventory/fleet-views.ts';
import { noSuchObject } from '../problems/not-found.ts';
import { ProblemError } from '../problems/problem-error.ts';
import { assertNoRefusals } from '../problems/refusals.ts';
import { BulkJobs, type BulkItem } from './bulk-jobs.ts';
import { CommandChecks, type CheckedCommand, type RepeatedCommand } from './command-checks.ts';
import { JobRequests } from './job-requests.ts';
import { JobRows } from './job-rows.ts';
import type { JobRow } from './job-transitions.ts';
import { JobsService } from './jobs.service.ts';

/** Retries jobs that did not succeed: the same request, checked as if it were new, as a new job. */
@Injectable()
export class JobRetries {
  constructor(
    private readonly fleet: FleetViews,
    private readonly jobs: JobsService,
    private readonly rows: JobRows,
    private readonly requests: JobRequests,
    private readonly checks: CommandChecks,
    private readonly bulk: BulkJobs,
  ) {
    checks.register('host', (repeated) => this.#checkHost(repeated));
  }

  /**
   * Creates a job with the request of one that failed or was cancelled. A job with children is retried for those that
   * did not succeed.
   *
   * @param origin The audit fields of the request.
   * @throws ProblemError as `JobsService.read`, if the principal lacks the permission of the job's command, if the job
   * cannot be retried, or as for a new command.
   */
  async retry(jobId: string, principal: Principal, origin: RequestEntry): Promise<BulkAccepted> {
    const job = this.jobs.read(jobId, principal);
    assertPermitted(principal, permissionOfJob(job));
    this.#assertRetriable(job);
    if (job.children !== null) return await this.#retryChildren(job, principal, origin);
    const { job: order, refusals } = this.#check(job, principal);
    assertNoRefusals(refusals);
    const accepted = this.jobs.accept({ ...order, principal, keyed: undefined, retryOf: jobId });
    return { job: accepted, refused: [] };
  }

  #retryChildren(parent: JobRow, principal: Principal, origin: RequestEntry): Promise<BulkAccepted> {
    const children = [...this.rows.all()].filter(
      ({ parentId, state }) => parentId === parent.id && (state === 'failed' || state === 'cancelled'),
    );
    children.sort((one, other) => (one.step?.number ?? 0) - (other.step?.number ?? 0));
    if (children.length === 0)
      throw notKept('The children of this job that did not succeed are no longer available.');
    const items = children.map((child): BulkItem => {
      const { id, name } = child.subject;
      try {
        assertPermitted(principal, permissionOfJob(child));
        assertNotRetried(child);
        const { job, refusals } = this.#check(child, principal);
        return { vmId: id ?? '', name, job, refusals };
      } catch (error) {
        if (!(error instanceof ProblemError)) throw error;
        return { vmId: id ?? '', name, job: null, refusals: [error] };
      }
    });
    return this.bulk.accept({
      command: commandOf(parent),
      order: 'parallel',
      items,
      principal,
      origin,
      retryOf: parent.id,
      // The audit log was written in the meantime.
      recheck: () => this.#assertRetriable(this.rows.get(parent.id) ?? parent),
    });
  }

  /** @throws ProblemError if the job cannot be retried, or was retried, alone or with its parent. */
  #assertRetriable(job: JobRow): void {
    assertRetriable(job);
    const parent = job.parentId === null ? undefined : this.rows.get(job.parentId);
    if (parent !== undefined) assertNotRetried(parent);
  }

  #check(job: JobRow, principal: Principal): CheckedCommand {
    const { kind, id: subjectId } = job.subject;
    const command = commandOf(job);
    const request = this.requests.find(job.id);
    if (request === 'secret') {
      throw notKept('The request of this job contained a secret, which the service does not keep.');
    }
    if (request === undefined || subjectId === null) {
      throw notKept('The service no longer has the request of this job.');
    }
    const repeated = { command, request: request.value as object, subjectId, principal };
    return this.checks.check(kind, repeated);
  }

  /** Only tests of the connection are possible for unreachable hosts. */
  #checkHost({ command, request, subjectId, principal }: RepeatedCommand): CheckedCommand {
    const host = this.fleet.of(principal).get('host', subjectId);
    if (host === undefined) throw noSuchObject('host', subjectId);
    const { name, connection } = host;
    const isReachable = connection.state === 'connected' || command === 'host.test';
    const subject = { kind: 'host', id: subjectId, name } as const;
    return {
      job: { command, request, hostId: subjectId, subject },
      refusals: isReachable
        ? []
        : [
            new ProblemError(
              'host-unavailable',
              `${name} is unreachable. Retry the job when it is reachable.`,
            ),
          ],
    };
  }
}

function assertRetriable(job: JobRow): void {
  const { state, source } = job;
  if (state !== 'failed' && state !== 'cancelled') {
    throw new ProblemError(
      'wrong-state',
      `Only jobs that failed or were cancelled can be retried. ${why[state]}`,
      {
        state,
      },
    );
  }
  if (source === 'host') throw notKept('This job was not started by this service.');
  assertNotRetried(job);
}

function assertNotRetried({ retriedBy }: JobRow): void {
  if (retriedBy === null) return;
  throw new ProblemError(
    'conflict',
    `The job was already retried: job ${retriedBy}. If that job did not succeed, retry it.`,
  );
}

const why: Readonly<Record<Exclude<JobRow['state'], 'failed' | 'cancelled'>, string>> = {
  queued: 'This one waits.',
  running: 'This one is running.',
  succeeded: 'This one has succeeded.',
  unknown: 'The outcome of this one is unknown: check the result on the host, then send the command again.',
};

function commandOf({ command }: JobRow): CommandName {
  if (isCommandName(command)) return command;
  throw notKept('This version of the service does not support the command of this job.');
}

function notKept(reason: string): ProblemError {
  return new ProblemError('conflict', `${reason} Send the command again.`);
}
