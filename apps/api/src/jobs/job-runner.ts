import {
  operations,
  type ErrorInfo,
  type JournalNote,
  type OperationName,
  type OperationRequest,
  type OperationSchema,
} from '@aether-v/types';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { clockToken } from '../common/clock.token.ts';
import type { Clock } from '../common/clock.ts';
import { configToken, type Config } from '../config/settings.ts';
import { HostOperations, type OperationLine } from '../host-adapter/agent/host-operations.ts';
import { HostOperationError } from '../host-adapter/errors/host-operation-error.ts';
import { HostJournals } from './host-journals.ts';
import { HostPatience, queuePatience } from './host-patience.ts';
import type { KeyedRequest } from './idempotency.ts';
import { JobRows } from './job-rows.ts';
import { endedJob, journalledJob, lostJob, startedJob, succeededJob, waitingJob } from './job-transitions.ts';
import { assertEntryOf } from './journalled-jobs.ts';
import type { Preparation } from './preparations.ts';

/** An operation to run as a job. */
export interface JobOperation<N extends OperationName = OperationName> {
  readonly jobId: string;
  readonly hostId: string;
  readonly op: N;
  readonly request: OperationRequest<N>;
  /** Completes the request before it is sent. An error ends the job, which has not begun on the host. */
  readonly prepare: ((preparation: Preparation) => Promise<OperationRequest<N>>) | undefined;
  readonly actor: string;
  readonly keyed: Pick<KeyedRequest, 'hostKey' | 'fingerprint'> | undefined;
  /** Data that the host's journal returns to a later run of the service. */
  readonly note: JournalNote;
  /** True if it may have been sent before the last start of the service. */
  readonly mayHaveBegun: boolean;
  /** Called after a response of the host, perhaps repeatedly: the operation is then in its journal. */
  readonly onBegun: (() => void) | undefined;
}

/** The maximum number of times that an interrupted operation is sent again. */
const maxResumptions = 10;

/** Runs operations on hosts and records their progress and outcome in jobs. */
@Injectable()
export class JobRunner {
  readonly #log = new Logger('Jobs');
  /** Functions that resume jobs that may have been interrupted. */
  readonly #resumptions = new Map<string, () => Promise<unknown>>();

  constructor(
    private readonly rows: JobRows,
    private readonly hosts: HostOperations,
    private readonly journals: HostJournals,
    private readonly patience: HostPatience,
    @Inject(configToken) private readonly config: Pick<Config, 'operationTimeout'>,
    @Inject(clockToken) private readonly clock: Clock,
  ) {
    rows.onForgotten(({ id }) => this.#resumptions.delete(id));
  }

  /**
   * Runs an operation to its end, once its host is reachable. Never rejects.
   *
   * @param signal Stops waiting when the service ends; the job is left as it is, and the host's journal has its
   * outcome.
   * @param cancelled Aborted if the job was cancelled while waiting.
   */
  async run<N extends OperationName>(
    operation: JobOperation<N>,
    signal: AbortSignal,
    cancelled: AbortSignal,
  ): Promise<void> {
    const { jobId, hostId } = operation;
    const waiting = AbortSignal.any([signal, cancelled]);
    do {
      if (!this.patience.isReady(hostId)) this.rows.update(jobId, waitingJob);
      const isReady = await this.patience.ready(hostId, waiting);
      if (waiting.aborted) return;
      if (!isReady) {
        this.rows.update(jobId, (job) =>
          operation.mayHaveBegun ? lostJob(job, notReached) : endedJob(job, this.rows.now(), neverReached),
        );
        return;
      }
      if (operation.mayHaveBegun && !(await this.#isToBeSent(operation, waiting))) return;
    } while (!(await this.#attempt(operation, signal, maxResumptions)));
  }

  /** Resumes an operation that was interrupted according to its host's journal, if possible. */
  resume(jobId: string): void {
    const resumption = this.#resumptions.get(jobId);
    this.#resumptions.delete(jobId);
    void resumption?.();
  }

  /** @returns False if the host was not reached, so that the job waits again. */
  async #attempt<N extends OperationName>(
    operation: JobOperation<N>,
    signal: AbortSignal,
    resumptions: number,
  ): Promise<boolean> {
    const { jobId, hostId, op, actor, keyed } = operation;
    const isFirst = resumptions === maxResumptions;
    if (isResumable(op) && resumptions > 0) {
      this.#resumptions.set(jobId, () => this.#attempt(operation, signal, resumptions - 1));
    }
    this.rows.update(jobId, (job) => startedJob(job, this.rows.now()));
    const hasBegun = operation.mayHaveBegun || !isFirst;
    const request = await this.#prepare(operation, signal, hasBegun);
    if (request === undefined) return true;
    try {
      const result = await this.hosts.invoke(hostId, op, request, {
        actor,
        operationId: jobId,
        deadline: new Date(this.clock.now() + this.config.operationTimeout * 1000),
        signal,
        note: operation.note,
        onLine: (line) => {
          operation.onBegun?.();
          this.#hear(jobId, hostId, line);
        },
        ...(keyed === undefined ? {} : { idempotencyKey: keyed.hostKey, fingerprint: keyed.fingerprint }),
      });
      operation.onBegun?.();
      this.patience.reached(hostId);
      this.rows.update(jobId, (job) => succeededJob(job, this.rows.now(), result));
    } catch (error) {
      if (signal.aborted) return true;
      if (isFirst && isUnreached(error)) {
        this.patience.lost(hostId);
        this.rows.update(jobId, waitingJob);
        return false;
      }
      this.#fail(jobId, error, hasBegun);
    }
    return true;
  }

  /**
   * Returns whether to send an operation again that an earlier run of the service may have sent: not if the host's journal
   * contains its end, which the job then shows, and not if it was cancelled in the meantime.
   */
  async #isToBeSent(
    { jobId, hostId, op }: Pick<JobOperation, 'jobId' | 'hostId' | 'op'>,
    signal: AbortSignal,
  ): Promise<boolean> {
    try {
      const entry = await this.journals.entry(hostId, jobId, signal);
      if (entry === null || entry.finishedAt === null || entry.state === 'unknown') return !signal.aborted;
      assertEntryOf(jobId, op, entry);
      const told = this.journals.told(hostId, entry);
      this.rows.update(jobId, (job) => journalledJob(job, told, this.rows.now()));
      return false;
    } catch (error) {
      if (signal.aborted) return false;
      // Sending the operation meets the same fault of the host or the connection, and reports it.
      if (error instanceof HostOperationError) return true;
      this.#fail(jobId, error, true);
      return false;
    }
  }

  /** @returns undefined if nothing can be sent. */
  async #prepare<N extends OperationName>(
    { jobId, request, prepare, actor }: JobOperation<N>,
    signal: AbortSignal,
    hasBegun: boolean,
  ): Promise<OperationRequest<N> | undefined> {
    if (prepare === undefined) return request;
    const note: Preparation['note'] = (level, message) =>
      this.rows.log(jobId, { at: this.rows.now(), level, message });
    try {
      return await prepare({ actor, signal, note });
    } catch (error) {
      if (signal.aborted) return undefined;
      const isOfHost = error instanceof HostOperationError;
      if (!isOfHost) this.#logFault(jobId, error);
      const info = isOfHost ? error.info : neverSent;
      this.rows.update(jobId, (job) =>
        hasBegun ? lostJob(job, info) : endedJob(job, this.rows.now(), info),
      );
      return undefined;
    }
  }

  #hear(jobId: string, hostId: string, line: OperationLine<OperationName>): void {
    if (line.type === 'progress') {
      this.rows.progress(jobId, line.percent, line.message);
    } else if (line.type === 'log') {
      const { at, level, message } = line;
      this.rows.log(jobId, { at: this.rows.toldAt(hostId, at), level, message });
    }
  }

  #fail(jobId: string, error: unknown, hasBegun: boolean): void {
    if (error instanceof HostOperationError) {
      // `already-running` may refer to this operation, sent by an earlier request; the journal decides.
      const isLost = error.began ? !error.reported || error.code === 'already-running' : hasBegun;
      this.rows.update(jobId, (job) =>
        isLost ? lostJob(job, error.info) : endedJob(job, this.rows.now(), error.info),
      );
      return;
    }
    // Not a fault of the host, so it is unknown whether the operation began.
    this.#logFault(jobId, error);
    this.rows.update(jobId, (job) => lostJob(job, internalFault));
  }

  #logFault(jobId: string, error: unknown): void {
    this.#log.error(`Job ${jobId}: ${String(error)}`, error instanceof Error ? error.stack : '');
  }
}

/** Returns whether a host resumes an interrupted operation by its id. */
function isResumable(op: OperationName): boolean {
  const { resumable }: OperationSchema = operations[op];
  return resumable === true;
}

/** Returns whether an error means that the host was not reached but may be later. */
function isUnreached(error: unknown): error is HostOperationError {
  if (!(error instanceof HostOperationError) || error.began) return false;
  return error.code === 'host-unreachable' || error.code === 'host-unavailable';
}

const neverReached: ErrorInfo = {
  code: 'host-unreachable',
  message: `The host could not be reached for ${String(queuePatience / 1000)} seconds. The operation did not start and will not start.`,
  remedy: 'Start it again when the host is reachable.',
};

const notReached: ErrorInfo = {
  code: 'host-unreachable',
  message:
    'The host is unreachable, and the operation may have started before the service restarted. The result will be known when the host is reachable again.',
  remedy: null,
};

const neverSent: ErrorInfo = {
  code: 'internal',
  message: 'The service failed before the operation started.',
  remedy: null,
};

const internalFault: ErrorInfo = {
  code: 'internal',
  message: 'The service failed while the operation ran.',
  remedy: 'Check the state of the VM before you try again.',
};
