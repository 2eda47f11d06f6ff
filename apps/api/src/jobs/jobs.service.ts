import type {
  Job,
  JobList,
  JobLog,
  JobLogQuery,
  JobQuery,
  OperationName,
  OperationRequest,
} from '@aether-v/types';
import { Inject, Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { assertPermitted } from '../auth/assert-permitted.ts';
import { canReadJob, permissionOfJob } from '../auth/job-access.ts';
import type { Principal } from '../auth/principal.ts';
import { clockToken } from '../common/clock.token.ts';
import type { Clock } from '../common/clock.ts';
import { newOperationId } from '../common/operation-id.ts';
import { HostOperations } from '../host-adapter/agent/host-operations.ts';
import { FleetStore } from '../inventory/fleet-store.ts';
import { ProblemError } from '../problems/problem-error.ts';
import { IdempotencyKeys, type KeyedRequest } from './idempotency.ts';
import { JobLanes } from './job-lanes.ts';
import { JobRows } from './job-rows.ts';
import { JobRunner, type Preparation } from './job-runner.ts';
import {
  cancelFailedJob,
  cancelRequestedJob,
  cancelTooLateJob,
  endedJob,
  isEnded,
  queuedJob,
  type JobRow,
} from './job-transitions.ts';

/** An operation that somebody wants, and what it is about. */
export interface JobOrder<N extends OperationName = OperationName> {
  readonly op: N;
  readonly request: OperationRequest<N>;
  /** Completes the request when its turn has come, with what only that moment can say. */
  readonly prepare?: (preparation: Preparation) => Promise<OperationRequest<N>>;
  readonly title: string;
  readonly hostId: string;
  readonly vm: { readonly id: string; readonly name: string };
  /** Whether it takes turns with other operations on the VM; one that is to break a hang does not. */
  readonly takesTurns: boolean;
  /** Whether the host can go on with it by its id where it stopped on the way; no, unless said. */
  readonly resumes?: boolean;
  readonly principal: Principal;
  /** The same request sent again answers the same job; undefined without an idempotency key. */
  readonly keyed: KeyedRequest | undefined;
}

const defaultLimit = 100;
/** How long a host may take to note that an operation is to be cancelled, in milliseconds. */
const cancelTimeout = 30_000;

/** Makes jobs of operations on hosts, and says what becomes of them. */
@Injectable()
export class JobsService implements BeforeApplicationShutdown {
  readonly #log = new Logger('Jobs');
  readonly #lanes = new JobLanes();
  /** Takes a job out of its queue. */
  readonly #waiting = new Map<string, AbortController>();
  readonly #shutdown = new AbortController();

  constructor(
    private readonly store: FleetStore,
    private readonly rows: JobRows,
    private readonly runner: JobRunner,
    private readonly hosts: HostOperations,
    private readonly keys: IdempotencyKeys,
    @Inject(clockToken) private readonly clock: Clock,
  ) {}

  /** Operations go on without us: the journals of their hosts tell the next life of the service how they ended. */
  beforeApplicationShutdown(): void {
    this.#shutdown.abort(new Error('The service is shutting down.'));
    for (const controller of this.#waiting.values()) controller.abort();
  }

  /**
   * Makes a job and queues it; a key that made one before answers that one.
   *
   * @throws ProblemError when the VM has the same operation under way, or the key was used for another request.
   */
  accept<N extends OperationName>(order: JobOrder<N>): JobRow {
    if (this.#shutdown.signal.aborted)
      throw new ProblemError('shutting-down', 'The service is shutting down.');
    const { op, vm, hostId, principal, keyed, title } = order;
    const repeatedId = keyed === undefined ? undefined : this.keys.find(keyed);
    if (repeatedId !== undefined) return this.#get(repeatedId);
    this.#assertNotUnderWay(order);
    const jobId = newOperationId(this.clock.now());
    const about = { op, title, hostId, vmId: vm.id, vmName: vm.name, actor: principal.name };
    const job = queuedJob({ id: jobId, ...about, source: 'service' }, this.rows.now());
    this.rows.add(job);
    if (keyed !== undefined) this.keys.keep(keyed, jobId);
    this.#enqueue(order, jobId);
    return job;
  }

  /** A page of the jobs that the principal may read, the newest first. */
  list({ state, hostId, vmId, offset = 0, limit = defaultLimit }: JobQuery, principal: Principal): JobList {
    const found: Job[] = [...this.rows.all()].filter(
      (job) =>
        canReadJob(principal, job) &&
        (state?.includes(job.state) ?? true) &&
        (hostId === undefined || (job.hostId !== null && hostId.includes(job.hostId))) &&
        (vmId === undefined || (job.vmId !== null && vmId.includes(job.vmId))),
    );
    found.sort(newestFirst);
    return {
      items: found.slice(offset, offset + limit),
      total: found.length,
      version: this.store.version,
    };
  }

  /** One job, for a principal. @throws ProblemError if there is none that the principal may read. */
  read(jobId: string, principal: Principal): JobRow {
    const job = this.#get(jobId);
    if (!canReadJob(principal, job)) throw noSuchJob(jobId);
    return job;
  }

  /** A part of the log of a job. @throws ProblemError as `read`. */
  log(jobId: string, { offset = 0, limit = defaultLimit }: JobLogQuery, principal: Principal): JobLog {
    this.read(jobId, principal);
    return this.rows.readLog(jobId, offset, limit);
  }

  /**
   * Asks that a job ends. One that waits is cancelled at once; one that runs ends where its host next looks, or goes on where it
   * cannot be taken back: `cancelOutcome` tells.
   *
   * @throws ProblemError as `read`, if the principal lacks the permission of the job's command, or if the job has ended.
   */
  cancel(jobId: string, principal: Principal): JobRow {
    const job = this.read(jobId, principal);
    assertPermitted(principal, permissionOfJob(job));
    if (isEnded(job)) {
      throw new ProblemError('wrong-state', `The job has ended: it is ${job.state}.`, { state: job.state });
    }
    this.rows.update(jobId, cancelRequestedJob);
    if (job.state === 'queued') {
      this.#waiting.get(jobId)?.abort();
      const message = `Cancelled by ${principal.name} before it began.`;
      this.rows.update(jobId, (row) =>
        endedJob(row, this.rows.now(), { code: 'cancelled', message, remedy: null }),
      );
    } else if (!job.cancelRequested && job.hostId !== null) {
      void this.#askHostToCancel(jobId, job.hostId, principal.name);
    }
    return this.#get(jobId);
  }

  #get(jobId: string): JobRow {
    const job = this.rows.get(jobId);
    if (job !== undefined) return job;
    if (!this.rows.isForgotten(jobId)) throw noSuchJob(jobId);
    throw new ProblemError('not-found', `The job ${jobId} has ended and is forgotten.`);
  }

  #assertNotUnderWay({ op, vm }: JobOrder): void {
    for (const job of this.rows.all()) {
      // What is unknown keeps nobody from trying again: the host checks whether it still runs.
      const isUnderWay = job.state === 'queued' || job.state === 'running';
      if (isUnderWay && job.vmId === vm.id && job.op === op) {
        throw new ProblemError('already-running', `Job ${job.id} already does this: ${job.title}.`, {
          state: job.state,
        });
      }
    }
  }

  #enqueue<N extends OperationName>(order: JobOrder<N>, jobId: string): void {
    const { op, request, prepare, resumes = false, hostId, vm, takesTurns, principal, keyed } = order;
    const controller = new AbortController();
    this.#waiting.set(jobId, controller);
    const actor = principal.name;
    const operation = { jobId, hostId, op, request, prepare, resumes, actor, keyed };
    const run = (): Promise<void> => this.runner.run(operation, this.#shutdown.signal, controller.signal);
    const task = { hostId, vmId: takesTurns ? vm.id : null, run, signal: controller.signal };
    this.#lanes
      .add(task)
      .catch((error: unknown) => this.#log.error(`Job ${jobId} left its queue: ${String(error)}`))
      .finally(() => this.#waiting.delete(jobId));
  }

  async #askHostToCancel(jobId: string, hostId: string, actor: string): Promise<void> {
    const note = (level: 'info' | 'warning', message: string): void =>
      this.rows.log(jobId, { at: this.rows.now(), level, message });
    note('info', `${actor} asked to cancel.`);
    try {
      const deadline = new Date(this.clock.now() + cancelTimeout);
      const signal = this.#shutdown.signal;
      const request = { operationId: jobId };
      const { accepted } = await this.hosts.invoke(hostId, 'operation.cancel', request, {
        actor,
        deadline,
        signal,
      });
      if (accepted) return;
      note('warning', 'The cancel request came too late: the host can no longer cancel the operation.');
      this.rows.update(jobId, cancelTooLateJob);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      note('warning', `The host could not be asked to cancel: ${why}`);
      this.rows.update(jobId, cancelFailedJob);
    }
  }
}

function noSuchJob(jobId: string): ProblemError {
  return new ProblemError('not-found', `There is no job with the id ${jobId}.`);
}

/** A host may have made an id of any time, so that of a job decides only among those of one moment. */
function newestFirst(a: JobRow, b: JobRow): number {
  const [first, second] = [Date.parse(a.createdAt), Date.parse(b.createdAt)];
  if (first !== second) return second - first;
  return a.id < b.id ? 1 : -1;
}
