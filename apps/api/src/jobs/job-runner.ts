import type { ErrorInfo, OperationName, OperationRequest } from '@aether-v/types';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { CLOCK } from '../common/clock.token.ts';
import type { Clock } from '../common/clock.ts';
import { CONFIG, type Config } from '../config/settings.ts';
import { HostOperationError } from '../host-adapter/host-operation-error.ts';
import { HostOperations, type OperationLine } from '../host-adapter/host-operations.ts';
import { JobRows } from './job-rows.ts';
import { endedJob, loggedJob, lostJob, progressedJob, startedJob, succeededJob } from './job-transitions.ts';

/** An operation to run as a job. */
export interface JobOperation<N extends OperationName = OperationName> {
  readonly jobId: string;
  readonly hostId: string;
  readonly op: N;
  readonly request: OperationRequest<N>;
  readonly actor: string;
  readonly idempotencyKey: string | undefined;
}

/** Runs operations on hosts and writes what becomes of them into their jobs. */
@Injectable()
export class JobRunner {
  readonly #log = new Logger('Jobs');

  constructor(
    private readonly rows: JobRows,
    private readonly hosts: HostOperations,
    @Inject(CONFIG) private readonly config: Pick<Config, 'operationTimeout'>,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Runs an operation to its end. Never rejects.
   *
   * @param signal Gives up listening when the service ends; the job stays as it is, and the host's journal knows more.
   */
  async run<N extends OperationName>(operation: JobOperation<N>, signal: AbortSignal): Promise<void> {
    const { jobId, hostId, op, request, actor, idempotencyKey } = operation;
    this.rows.update(jobId, (job) => startedJob(job, this.rows.now()));
    try {
      await this.hosts.invoke(hostId, op, request, {
        actor,
        operationId: jobId,
        deadline: new Date(this.clock.now() + this.config.operationTimeout * 1000),
        signal,
        onLine: (line) => this.#hear(jobId, line),
        ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
      });
      this.rows.update(jobId, (job) => succeededJob(job, this.rows.now()));
    } catch (error) {
      if (!signal.aborted) this.#fail(jobId, error);
    }
  }

  #hear(jobId: string, line: OperationLine<OperationName>): void {
    if (line.type === 'progress') {
      this.rows.update(jobId, (job) => progressedJob(job, line.percent, line.message));
    } else if (line.type === 'log') {
      const { at, level, message } = line;
      this.rows.update(jobId, (job) => loggedJob(job, { at, level, message }));
    }
  }

  #fail(jobId: string, error: unknown): void {
    if (error instanceof HostOperationError) {
      // `already-running` may speak of this very operation, of which an earlier request got through: the journal knows.
      const isLost = error.began && (!error.reported || error.code === 'already-running');
      this.rows.update(jobId, (job) =>
        isLost ? lostJob(job, error.info) : endedJob(job, this.rows.now(), error.info),
      );
      return;
    }
    // Not a fault of the host, so nobody can say whether it began.
    this.#log.error(`Job ${jobId}: ${String(error)}`, error instanceof Error ? error.stack : '');
    this.rows.update(jobId, (job) => lostJob(job, internalFault));
  }
}

const internalFault: ErrorInfo = {
  code: 'internal',
  message: 'The service failed while the operation ran.',
  remedy: 'Look at the state of the VM before you try again.',
};
