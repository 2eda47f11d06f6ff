import { operationOfCommand, type ErrorInfo, type Job, type JobLogLine } from '@aether-v/types';
import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { clockToken } from '../common/clock.token.ts';
import type { Cancel, Clock } from '../common/clock.ts';
import { HostOperationError } from '../host-adapter/errors/host-operation-error.ts';
import { FleetStore } from '../inventory/fleet-store.ts';
import { HostJournals, type QueryOptions } from './host-journals.ts';
import { JobRows } from './job-rows.ts';
import { JobRunner } from './job-runner.ts';
import { assertEntryOf } from './journalled-jobs.ts';
import {
  cancelRequestedJob,
  endedJob,
  isEnded,
  journalledJob,
  lostJob,
  type JobRow,
} from './job-transitions.ts';

/** Interval of journal queries for a running operation, in milliseconds. */
export const followInterval = 3000;
/** Delay in milliseconds after a reachable host failed to return its journal. */
const retryInterval = 30_000;
/** Time limit in milliseconds for a sent operation to appear in its host's journal. */
const recordedWithin = 15_000;

interface Following {
  cancel: Cancel;
  /** The time at which the journal first did not contain the operation. */
  missingSince: number | undefined;
}

/** Queries hosts' journals about operations that no caller follows. */
@Injectable()
export class JobFollower implements OnApplicationShutdown {
  readonly #log = new Logger('Jobs');
  readonly #followed = new Map<string, Following>();
  readonly #stop = new AbortController();

  constructor(
    private readonly store: FleetStore,
    private readonly rows: JobRows,
    private readonly journals: HostJournals,
    private readonly runner: JobRunner,
    @Inject(clockToken) private readonly clock: Clock,
  ) {}

  onApplicationShutdown(): void {
    this.#stop.abort();
    for (const { cancel } of this.#followed.values()) cancel();
    this.#followed.clear();
  }

  /** Returns the options of a new journal query, which ends with the service. */
  question(): QueryOptions {
    return this.journals.options(this.#stop.signal);
  }

  /**
   * Queries the journal until it contains the end of a job, or its host becomes unreachable; the handler of the host's
   * return then calls again.
   */
  follow(job: JobRow, delay = 0): void {
    if (this.#followed.has(job.id) || this.#stop.signal.aborted) return;
    const following: Following = { cancel: () => undefined, missingSince: undefined };
    this.#followed.set(job.id, following);
    this.#askAfter(delay, job, following);
  }

  #askAfter(delay: number, job: JobRow, following: Following): void {
    following.cancel = this.clock.schedule(delay, () => {
      void this.#ask(job, following).then((wait) => {
        if (wait === undefined || this.#stop.signal.aborted) this.#followed.delete(job.id);
        else this.#askAfter(wait, job, following);
      });
    });
  }

  /** @returns The milliseconds until the next query; undefined if none is needed. */
  async #ask({ id }: Pick<Job, 'id'>, following: Following): Promise<number | undefined> {
    const asked = this.rows.get(id);
    // It may have been removed in the meantime.
    if (asked === undefined || isEnded(asked)) return undefined;
    const { hostId } = asked;
    // A job with children is in no journal.
    if (hostId === null) return undefined;
    const host = this.store.get('host', hostId);
    if (host?.connection.state !== 'connected') {
      const why = host === undefined ? hostGone : hostUnreachable;
      this.rows.update(id, (job) => lostJob(job, host === undefined ? why : (job.error ?? why)));
      return undefined;
    }
    try {
      const entry = await this.journals.entry(hostId, id, this.#stop.signal);
      // Its row may have been that of a host that reported the operation of another.
      if (this.rows.get(id)?.hostId !== hostId) return followInterval;
      if (entry === null) return await this.#missing(id, hostId, following);
      assertEntryOf(id, operationOfCommand(asked.command), entry);
      const told = this.journals.told(hostId, entry);
      this.rows.update(id, (job) => journalledJob(job, told, this.rows.now()));
      if (entry.state === 'unknown') this.runner.resume(id);
      return entry.state === 'running' ? followInterval : undefined;
    } catch (error) {
      if (this.#stop.signal.aborted) return undefined;
      this.#log.warn(`The outcome of job ${id} is not known yet: ${String(error)}`);
      // A host whose connection was lost either recovers soon, or is known to be unreachable by the next query.
      return isLost(error) ? followInterval : retryInterval;
    }
  }

  /**
   * An operation sent just before the connection broke may begin after the first query. The host is then told to refuse
   * it: a delayed request must not take effect after its job has ended.
   */
  async #missing(id: string, hostId: string, following: Following): Promise<number | undefined> {
    following.missingSince ??= this.clock.now();
    if (this.clock.now() - following.missingSince < recordedWithin) return followInterval;
    const { begun } = await this.journals.cancel(hostId, id, this.#stop.signal);
    if (begun) {
      this.rows.log(id, this.#lateBegin());
      this.rows.update(id, cancelRequestedJob);
      return followInterval;
    }
    const error = this.rows.get(id)?.error ?? neverBegan;
    const why = reasonsNotToBegin.has(error.code) ? error : neverBegan;
    this.rows.update(id, (job) => endedJob(job, this.rows.now(), why));
    return undefined;
  }

  #lateBegin(): JobLogLine {
    const message =
      'The operation started on the host just before the service blocked it. The service asked the host to cancel it.';
    return { at: this.rows.now(), level: 'warning', message };
  }
}

function isLost(error: unknown): boolean {
  return error instanceof HostOperationError && error.code === 'host-unreachable';
}

const hostGone: ErrorInfo = {
  code: 'host-unreachable',
  message:
    'The host was removed from the fleet, or has not been reached since the service started. The result of the operation is unknown.',
  remedy: 'Check the result on the host, or wait until the host is reachable.',
};

const hostUnreachable: ErrorInfo = {
  code: 'host-unreachable',
  message: 'The host is unreachable. The result of the operation will be known when it is reachable again.',
  remedy: null,
};

/** Codes that say why an operation did not begin: another was in its way, or the service did not send it. */
const reasonsNotToBegin: ReadonlySet<string> = new Set(['already-running', 'cancelled', 'not-supported']);

const neverBegan: ErrorInfo = {
  code: 'host-unreachable',
  message:
    'The connection was lost before the host received the operation. It did not start and will not start.',
  remedy: 'Try again.',
};
