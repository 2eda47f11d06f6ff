import {
  contractVersion,
  maxTimeoutSeconds,
  operations,
  type Envelope,
  type OperationName,
  type OperationRequest,
  type OperationResult,
} from '@aether-v/types';
import { newOperationId } from '../../common/operation-id.ts';
import type { InvokeOptions } from '../agent/host-operations.ts';
import { LineReader } from '../agent/line-reader.ts';
import { runOperation } from '../agent/run-operation.ts';
import { HostOperationError } from '../errors/host-operation-error.ts';
import { Limiter, type Release } from '../limits/limiter.ts';
import {
  SessionKeeper,
  shuttingDown,
  type KeptSession,
  type SessionKeeperOptions,
} from './session-keeper.ts';

/** What a channel needs. */
export interface HostChannelOptions extends SessionKeeperOptions {
  /** How long an agent may say nothing, in milliseconds. */
  readonly silence: number;
  /** From which wait on (milliseconds) a deadline that passes without any word means that the host hangs. */
  readonly hangAfter: number;
  /** How many operations go on at once on this host, beside its watch. */
  readonly operationsPerHost: number;
}

/** How much less time than ours a host is given, in milliseconds: so that what it says at its end arrives in time. */
const timeForLastWord = 2000;

/** One attempt to run an operation. */
interface Attempt<N extends OperationName> {
  readonly op: N;
  readonly operationId: string;
  /** Made when it is sent: what was waited for is not the host's to spend. */
  readonly envelope: () => string;
  readonly signal: AbortSignal;
  /** Aborted at the deadline of the operation. */
  readonly tooLate: AbortSignal;
  readonly onLine: InvokeOptions<N>['onLine'];
  readonly onFlaw: InvokeOptions<N>['onFlaw'];
  heard: boolean;
  fresh: boolean;
}

/** Runs operations on one host: limits, session, deadline, and a second attempt where the first provably did nothing. */
export class HostChannel {
  readonly #options: HostChannelOptions;
  readonly #keeper: SessionKeeper;
  readonly #own: Limiter;
  readonly #closing = new AbortController();

  constructor(options: HostChannelOptions) {
    this.#options = options;
    this.#keeper = new SessionKeeper(options);
    this.#own = new Limiter(options.operationsPerHost);
  }

  /** See HostOperations.invoke. */
  async invoke<N extends OperationName>(
    op: N,
    request: OperationRequest<N>,
    options: InvokeOptions<N>,
  ): Promise<OperationResult<N>> {
    const { clock } = this.#options;
    const operationId = options.operationId ?? newOperationId(clock.now());
    const tooLate = new AbortController();
    const cancel = clock.schedule(options.deadline.getTime() - clock.now(), () =>
      tooLate.abort(deadlinePassed()),
    );
    const given = options.signal === undefined ? [] : [options.signal];
    const attempt: Attempt<N> = {
      op,
      operationId,
      envelope: () => JSON.stringify(envelopeOf(op, request, operationId, options, clock.now())),
      signal: AbortSignal.any([...given, tooLate.signal, this.#closing.signal]),
      tooLate: tooLate.signal,
      onLine: options.onLine,
      onFlaw: options.onFlaw,
      heard: false,
      fresh: true,
    };
    try {
      return await this.#attempt(attempt);
    } catch (error) {
      if (!mayTryAgain(attempt, error)) throw error;
      return await this.#attempt(attempt);
    } finally {
      cancel();
    }
  }

  /** Ends everything that goes on, with this reason. */
  async close(reason: HostOperationError = shuttingDown(true)): Promise<void> {
    this.#closing.abort(reason);
    await this.#keeper.close();
  }

  async #attempt<N extends OperationName>(attempt: Attempt<N>): Promise<OperationResult<N>> {
    const { signal } = attempt;
    let release: Release | undefined;
    let kept: KeptSession;
    try {
      signal.throwIfAborted();
      ({ kept, fresh: attempt.fresh } = await this.#keeper.use(signal));
      release = await this.#place(attempt.op, signal);
    } catch (error) {
      throw error === attempt.tooLate.reason ? neverSent() : notBegun(error);
    }
    const startedAt = this.#options.clock.now();
    try {
      return await this.#run(attempt, kept);
    } catch (error) {
      this.#judge(kept, startedAt, error);
      throw error;
    } finally {
      release();
    }
  }

  #run<N extends OperationName>(attempt: Attempt<N>, kept: KeptSession): Promise<OperationResult<N>> {
    const { clock, silence } = this.#options;
    return runOperation(kept.session, {
      envelope: attempt.envelope(),
      reader: new LineReader(attempt.op, attempt.operationId),
      clock,
      signal: attempt.signal,
      silence,
      onHeard: () => {
        attempt.heard = true;
        this.#keeper.heard(kept);
      },
      onLine: attempt.onLine,
      onFlaw: attempt.onFlaw,
    });
  }

  /** A watch lasts as long as the service does and would never give its place back. */
  async #place(op: OperationName, signal: AbortSignal): Promise<Release> {
    if (op === 'watch') return () => undefined;
    const { lanes, breaker } = this.#options;
    const own = await this.#own.acquire(signal);
    try {
      const fleet = await (breaker.suspect ? lanes.suspect : lanes.trusted).operations.acquire(signal);
      return () => {
        fleet();
        own();
      };
    } catch (error) {
      own();
      throw error;
    }
  }

  /** Whether the session has to go: it is lost, or the host said nothing at all over it for too long. */
  #judge(kept: KeptSession, startedAt: number, error: unknown): void {
    if (kept.session.lost) this.#keeper.drop(kept);
    if (!(error instanceof HostOperationError) || error.code !== 'host-timeout' || error.reported) return;
    const quietSince = Math.max(startedAt, kept.heardAt ?? 0);
    if (this.#options.clock.now() - quietSince >= this.#options.hangAfter) this.#keeper.drop(kept, error);
  }
}

/**
 * A session that died while nobody used it is opened again unseen. Only where the host cannot have begun, or where doing
 * it twice changes nothing, and never after a wait.
 */
function mayTryAgain<N extends OperationName>(attempt: Attempt<N>, error: unknown): boolean {
  if (attempt.fresh || attempt.heard || attempt.signal.aborted) return false;
  if (!(error instanceof HostOperationError) || error.code !== 'host-unreachable') return false;
  return !error.began || !operations[attempt.op].mutates;
}

function envelopeOf<N extends OperationName>(
  op: N,
  request: OperationRequest<N>,
  id: string,
  { deadline, actor, idempotencyKey, fingerprint, parentId, fence }: InvokeOptions<N>,
  now: number,
): Envelope {
  const left = deadline.getTime() - now - timeForLastWord;
  return {
    contract: contractVersion,
    id,
    op,
    timeoutSeconds: Math.max(1, Math.min(maxTimeoutSeconds, Math.floor(left / 1000))),
    actor,
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    ...(fingerprint === undefined ? {} : { fingerprint }),
    ...(parentId === undefined ? {} : { parentId }),
    ...(fence === undefined ? {} : { fence }),
    request,
  };
}

/** The same error where it was met before anything was sent. */
function notBegun(error: unknown): unknown {
  return error instanceof HostOperationError ? error.notBegun() : error;
}

function neverSent(): HostOperationError {
  return new HostOperationError('host-timeout', 'The operation timed out before it was sent to the host.', {
    began: false,
    remedy: 'Nothing happened on the host. Check that the host responds, then try again.',
  });
}

function deadlinePassed(): HostOperationError {
  return new HostOperationError('host-timeout', 'The operation timed out on the host.', {
    began: true,
    remedy: 'Check the host: the operation may still be running there.',
  });
}
