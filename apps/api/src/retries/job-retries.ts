import {
  isCommandName,
  type BulkAccepted,
  type BulkPlan,
  type CommandName,
  type Plan,
} from '@aether-v/types';
import { Injectable } from '@nestjs/common';
import { AuditLog } from '../audit/audit-log.ts';
import type { RequestEntry } from '../audit/request-entry.ts';
import { assertPermitted } from '../auth/assert-permitted.ts';
import { permissionOfJob } from '../auth/job-access.ts';
import type { Principal } from '../auth/principal.ts';
import type { Caller } from '../commands/caller.decorator.ts';
import { FleetViews } from '../inventory/fleet-views.ts';
import { auditedAttempts } from '../jobs/audited-attempts.ts';
import { BulkJobs, type BulkItem } from '../jobs/bulk-jobs.ts';
import { BulkPlans } from '../jobs/bulk-plans.ts';
import { CommandChecks, type CheckedCommand, type RepeatedCommand } from '../jobs/command-checks.ts';
import { JobRequests } from '../jobs/job-requests.ts';
import { JobRows } from '../jobs/job-rows.ts';
import type { JobRow } from '../jobs/job-transitions.ts';
import { JobsService } from '../jobs/jobs.service.ts';
import { PlansService } from '../jobs/plans.service.ts';
import { RepeatedRequests } from '../jobs/repeated-requests.ts';
import { noSuchObject } from '../problems/not-found.ts';
import { ProblemError } from '../problems/problem-error.ts';
import { assertNoRefusals } from '../problems/refusals.ts';
import { retryFamilyKey, retryKey } from './retry-keys.ts';

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
    private readonly plans: PlansService,
    private readonly bulkPlans: BulkPlans,
    private readonly repeated: RepeatedRequests,
    private readonly audit: AuditLog,
  ) {
    checks.register('host', (repeated) => this.#checkHost(repeated));
  }

  /**
   * Creates a job with the request of one that failed or was cancelled, or its plan if the caller asks for a dry run. A
   * job with children is retried for those that did not succeed.
   *
   * @param origin The audit fields of the request.
   * @throws ProblemError as `JobsService.read`, if the principal lacks the permission of the job's command, if the job
   * cannot be retried, or as for a new command.
   */
  async retry(jobId: string, caller: Caller, origin: RequestEntry): Promise<BulkAccepted | Plan | BulkPlan> {
    const job = this.jobs.read(jobId, caller.principal);
    assertPermitted(caller.principal, permissionOfJob(job));
    if (caller.dryRun) return this.#plan(job, caller);
    return job.children === null
      ? await this.#retryOne(job, caller, origin)
      : await this.#retryChildren(job, caller, origin);
  }

  async #plan(job: JobRow, caller: Caller): Promise<Plan | BulkPlan> {
    const { principal, signal } = caller;
    this.#assertRetriable(job);
    if (job.children !== null) {
      const children = this.#childrenOf(job);
      if (children.length === 0) throw childrenNotKept();
      const items = this.#items(children, principal);
      return this.bulkPlans.plan(commandOf(job), items, caller);
    }
    const check = await this.#prepare(job, principal);
    const { job: order, refusals } = check();
    return this.plans.plan({ ...order, principal, refusals, signal });
  }

  async #retryOne(job: JobRow, caller: Caller, origin: RequestEntry): Promise<BulkAccepted> {
    const { principal } = caller;
    const { id, command, subject } = job;
    const keyed = isCommandName(command) ? retryKey(job, command, caller) : undefined;
    const repeated = await this.repeated.find(keyed, principal);
    if (repeated !== undefined) return { job: repeated, refused: [] };
    const entry = { ...origin, action: command, object: subject };
    const check = await this.#prepare(job, principal);
    const accepted = await auditedAttempts(this.audit, [entry], () => {
      // The same request may have been accepted while this one waited.
      const same = this.jobs.repeated(keyed, principal);
      if (same !== undefined) return same;
      this.#assertRetriable(this.rows.get(id) ?? job);
      const { job: order, refusals, onAccepted } = check();
      assertNoRefusals(refusals);
      const next = this.jobs.accept({ ...order, principal, keyed, retryOf: id });
      onAccepted?.(next);
      return next;
    });
    this.audit.record({ ...entry, status: 'accepted', details: '202', job: accepted.id });
    return { job: accepted, refused: [] };
  }

  async #retryChildren(parent: JobRow, caller: Caller, origin: RequestEntry): Promise<BulkAccepted> {
    const { principal } = caller;
    const command = commandOf(parent);
    const children = this.#childrenOf(parent);
    const keyed = retryFamilyKey(parent, children, command, caller);
    const repeated = await this.repeated.findFamily(keyed, principal);
    if (repeated !== undefined) return { job: repeated, refused: [] };
    this.#assertRetriable(this.rows.get(parent.id) ?? parent);
    if (children.length === 0) throw childrenNotKept();
    const remark = missingChildren(parent, children.length);
    const items = this.#items(children, principal);
    const accepted = children.filter((_, index) => items[index]?.refusals.length === 0);
    return this.bulk.accept({
      command,
      order: 'parallel',
      items,
      principal,
      origin,
      keyed,
      retryOf: parent.id,
      ...(remark === null ? {} : { remark }),
      // The audit log was written in the meantime.
      recheck: () => {
        if (this.jobs.repeated(keyed?.all, principal) !== undefined) return;
        this.#assertRetriable(this.rows.get(parent.id) ?? parent);
        for (const child of accepted) this.#assertNotRetriedAlone(child);
      },
    });
  }

  /** Returns the children that did not succeed, in their order. */
  #childrenOf(parent: JobRow): JobRow[] {
    const children = [...this.rows.all()].filter(
      ({ parentId, state }) => parentId === parent.id && (state === 'failed' || state === 'cancelled'),
    );
    return children.sort((one, other) => (one.step?.number ?? 0) - (other.step?.number ?? 0));
  }

  #items(children: readonly JobRow[], principal: Principal): BulkItem[] {
    return children.map((child) => {
      const { id, name } = child.subject;
      try {
        assertPermitted(principal, permissionOfJob(child));
        assertNotRetried(this.rows.get(child.id) ?? child);
        const { job, refusals } = this.#check(child, principal);
        return { vmId: id ?? '', name, job, refusals };
      } catch (error) {
        if (!(error instanceof ProblemError)) throw error;
        return { vmId: id ?? '', name, job: null, refusals: [error] };
      }
    });
  }

  /** @throws ProblemError if the job cannot be retried, or was retried, alone or with its parent. */
  #assertRetriable(job: JobRow): void {
    assertRetriable(job);
    const parent = job.parentId === null ? undefined : this.rows.get(job.parentId);
    if (parent !== undefined) assertNotRetried(parent);
  }

  /** @throws ProblemError if a child has been retried since the retry of its parent was checked. */
  #assertNotRetriedAlone({ id, subject, title }: JobRow): void {
    const retriedBy = this.rows.get(id)?.retriedBy ?? null;
    if (retriedBy === null) return;
    throw new ProblemError(
      'conflict',
      `${subject.name ?? title} was retried alone: job ${retriedBy}. Retry this job again to retry the others.`,
    );
  }

  /** Reads what the check needs of the host. A refusal is thrown by the check, so that the audit log has it. */
  async #prepare(job: JobRow, principal: Principal): Promise<() => CheckedCommand> {
    try {
      return await this.checks.prepare(job.subject.kind, this.#repeated(job, principal));
    } catch (error) {
      return () => {
        throw error;
      };
    }
  }

  #check(job: JobRow, principal: Principal): CheckedCommand {
    return this.checks.check(job.subject.kind, this.#repeated(job, principal));
  }

  #repeated(job: JobRow, principal: Principal): RepeatedCommand {
    const { id: subjectId } = job.subject;
    const command = commandOf(job);
    const request = this.requests.find(job.id);
    if (request === 'secret') {
      throw notKept('The request of this job contained a secret, which the service does not keep.');
    }
    if (request === undefined || subjectId === null) {
      throw notKept('The service no longer has the request of this job.');
    }
    return { command, request: request.value as object, subjectId, principal };
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
  queued: 'This job is queued.',
  running: 'This job is running.',
  succeeded: 'This job succeeded.',
  unknown: 'The outcome of this job is unknown. Check the result on the host, then send the command again.',
};

function commandOf({ command }: JobRow): CommandName {
  if (isCommandName(command)) return command;
  throw notKept('This version of the service does not support the command of this job.');
}

function childrenNotKept(): ProblemError {
  return notKept('The children of this job that did not succeed are no longer available.');
}

/** Returns a sentence about the children that did not succeed but are no longer available; null if there are none. */
function missingChildren({ children }: JobRow, available: number): string | null {
  const wanted = (children?.failed ?? 0) + (children?.cancelled ?? 0);
  if (wanted <= available) return null;
  return `${wanted - available} of the ${wanted} children that did not succeed are no longer available, and are not retried.`;
}

function notKept(reason: string): ProblemError {
  return new ProblemError('conflict', `${reason} Send the command again.`);
}
