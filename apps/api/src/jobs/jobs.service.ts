import {
  refusesSecond,
  type CommandName,
  type JobList,
  type JobLog,
  type JobLogQuery,
  type JobQuery,
  type Vm,
} from '@aether-v/types';
import { Inject, Injectable } from '@nestjs/common';
import { canSee } from '../auth/can-see.ts';
import type { Principal } from '../auth/principal.ts';
import { clockToken } from '../common/clock.token.ts';
import type { Clock } from '../common/clock.ts';
import { newOperationId } from '../common/operation-id.ts';
import { FleetViews } from '../inventory/fleet-views.ts';
import { noSuchObject } from '../problems/not-found.ts';
import { ProblemError } from '../problems/problem-error.ts';
import { IdempotencyKeys, type KeyedRequest } from './idempotency.ts';
import { jobFilter } from './job-filter.ts';
import { JobQueue, type JobOrder } from './job-queue.ts';
import { JobRequests } from './job-requests.ts';
import { JobRows } from './job-rows.ts';
import { jobTitle } from './job-title.ts';
import { queuedJob, type JobRow } from './job-transitions.ts';
import { VmCreations } from './vm-creations.ts';

/** A principal's request for a command. */
export interface CommandOrder<C extends CommandName = CommandName> extends Pick<
  JobOrder<C>,
  'command' | 'request' | 'hostId' | 'subject' | 'keyed'
> {
  readonly principal: Principal;
  /** The title of the job; by default that of the command and the name of the subject. */
  readonly title?: string;
  /** The job that it retries. */
  readonly retryOf?: string;
}

const defaultLimit = 100;

/** Creates jobs for commands, and lists them. */
@Injectable()
export class JobsService {
  constructor(
    private readonly fleet: FleetViews,
    private readonly rows: JobRows,
    private readonly queue: JobQueue,
    private readonly keys: IdempotencyKeys,
    private readonly requests: JobRequests,
    private readonly creations: VmCreations,
    @Inject(clockToken) private readonly clock: Clock,
  ) {}

  /**
   * Creates a job and queues it; a repeated key returns the earlier job.
   *
   * @throws ProblemError if the same command is in progress on its subject, or the key was used for another request.
   */
  accept<C extends CommandName>({ principal, title: given, retryOf, ...order }: CommandOrder<C>): JobRow {
    if (this.queue.shutdown.aborted) throw new ProblemError('shutting-down', 'The service is shutting down.');
    const { command, subject, hostId, keyed } = order;
    const repeated = this.repeated(keyed, principal);
    if (repeated !== undefined) return repeated;
    const underWay = this.underWay(command, subject.id);
    if (underWay !== null) throw underWay;
    const id = newOperationId(this.clock.now());
    const title = given ?? jobTitle(command, subject, order.request);
    const actor = { id: principal.id, name: principal.name };
    const identity = { id, command, title, subject, hostId, actor: actor.name, source: 'service' } as const;
    const retry = retryOf === undefined ? {} : { retryOf };
    const job = queuedJob({ ...identity, ...retry }, this.rows.now());
    const queued = { ...order, ...retry, actor, acceptedAt: job.createdAt };
    const note = this.queue.note(id, queued);
    this.rows.add(job);
    this.requests.keep(id, command, order.request);
    if (keyed !== undefined) this.keys.keep(keyed, id);
    this.queue.add(id, queued, note);
    return this.rows.get(id) ?? job;
  }

  /**
   * Returns the job that an earlier request with the key has created since the service started.
   *
   * @throws ProblemError if the key was used for another request.
   */
  repeated(keyed: KeyedRequest | undefined, principal: Principal): JobRow | undefined {
    const id = keyed === undefined ? undefined : this.keys.find(keyed);
    return id === undefined ? undefined : this.read(id, principal);
  }

  /** Returns the refusal of a command that is already in progress on its subject; null if it may be accepted. */
  underWay(command: CommandName, subjectId: string): ProblemError | null {
    if (!refusesSecond(command)) return null;
    const job = this.rows.underWay(command, subjectId);
    return job === undefined ? null : alreadyUnderWay(job);
  }

  /** Returns the refusal of every command for a VM that a job creates: it would interfere with the job and its undoing. */
  beingCreated(vm: Readonly<Vm>): ProblemError | null {
    const job = this.creations.running(vm);
    return job === undefined ? null : stillCreated(vm, job);
  }

  /** Returns a page of the jobs that the principal may read, newest first. */
  list(query: JobQuery, principal: Principal): JobList {
    const { topLevel = false, offset = 0, limit = defaultLimit } = query;
    const view = this.fleet.of(principal);
    const jobs = view.rows('job');
    const matches = jobFilter(query, jobs, (jobId) => this.creations.guidOf(jobId));
    const found: JobRow[] = jobs.filter(
      (job) =>
        matches(job) && !(topLevel && job.parentId !== null && view.get('job', job.parentId) !== undefined),
    );
    found.sort(newestFirst);
    return {
      items: found.slice(offset, offset + limit),
      total: found.length,
      version: view.version,
    };
  }

  /** Returns one job, for a principal. @throws ProblemError if it does not exist or the principal may not read it. */
  read(jobId: string, principal: Principal): JobRow {
    const job = this.fleet.of(principal).get('job', jobId);
    if (job !== undefined) return job;
    const forgotten = this.rows.forgotten(jobId);
    if (forgotten === undefined || !canSee(principal, 'job', forgotten)) throw noSuchObject('job', jobId);
    throw new ProblemError('not-found', `The job ${jobId} has ended and is no longer available.`);
  }

  /** Returns a part of a job's log. @throws ProblemError as `read`. */
  log(jobId: string, { offset = 0, limit = defaultLimit }: JobLogQuery, principal: Principal): JobLog {
    this.read(jobId, principal);
    return this.rows.readLog(jobId, offset, limit);
  }
}

function alreadyUnderWay({ id, title, state }: JobRow): ProblemError {
  return new ProblemError('already-running', `This command is already in progress: job ${id} (${title}).`, {
    state,
  });
}

function stillCreated({ name }: Readonly<Vm>, { id, title, state }: JobRow): ProblemError {
  const detail = `${name} is being created: job ${id} (${title}). Wait until the job has ended, or cancel it.`;
  return new ProblemError('already-running', detail, { state });
}

/** A host can create ids with any time, so a job's id only decides among jobs of the same time. */
function newestFirst(a: JobRow, b: JobRow): number {
  const [first, second] = [Date.parse(a.createdAt), Date.parse(b.createdAt)];
  if (first !== second) return second - first;
  return a.id < b.id ? 1 : -1;
}
