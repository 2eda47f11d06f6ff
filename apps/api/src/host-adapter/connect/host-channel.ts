import {
  contractVersion,
  maxTimeoutSeconds,
  operations,
  type Envelope,
  type HostDiagnostics,
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

/** Dependencies of a channel. */
export interface HostChannelOptions extends SessionKeeperOptions {
  /** The longest silence of an agent, in milliseconds. */
  readonly silence: number;
  /** The least timeout (milliseconds) whose expiry without any output means that the host hangs. */
  readonly hangAfter: number;
  /** Concurrent operations on this host, in addition to its watch. */
  readonly operationsPerHost: number;
}

/** The state of a channel. */
export type ChannelStatus = Pick<HostDiagnostics, 'session' | 'breaker' | 'operations'>;

/**
 * The response margin in milliseconds: a host's deadline is this much earlier than ours, so that its final response
 * arrives in time.
 */
const timeForLastWord = 2000;

/** One attempt to run an operation. */
interface Attempt<N extends OperationName> {
  readonly op: N;
  readonly operationId: string;
  /** Created when sent, so that time spent in queues does not reduce the host's time. */
  readonly envelope: () => string;
  readonly signal: AbortSignal;
  /** Aborted at the deadline of the operation. */
  readonly tooLate: AbortSignal;
  readonly onLine: InvokeOptions<N>['onLine'];
  readonly onFlaw: InvokeOptions<N>['onFlaw'];
  heard: boolean;
  fresh: boolean;
}

/**
 * Runs operations on one host: enforces limits and deadlines, keeps the session, and retries once if the first attempt
 * provably did nothing.
 */
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

  /** Returns the current state of the channel. */
  get status(): ChannelStatus {
    const { state, failures, retryAfter } = this.#options.breaker;
    const { taken, waiting } = this.#own;
    return {
      session: this.#keeper.state,
      breaker: { state, failures, retryAfterSeconds: retryAfter / 1000 },
      operations: { taken, waiting },
    };
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

  /** Ends all operations with this reason. */
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

  /** A watch takes no place: it lasts as long as the service and would never release it. */
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

  /** Drops the session if it is lost, or if the host sent nothing over it for too long. */
  #judge(kept: KeptSession, startedAt: number, error: unknown): void {
    if (kept.session.lost) this.#keeper.drop(kept);
    if (!(error instanceof HostOperationError) || error.code !== 'host-timeout' || error.reported) return;
    const quietSince = Math.max(startedAt, kept.heardAt ?? 0);
    if (this.#options.clock.now() - quietSince >= this.#options.hangAfter) this.#keeper.drop(kept, error);
  }
}

/**
 * A session that died while idle is replaced transparently: only if the host cannot have begun or the operation is safe
 * to repeat, and never after a wait.
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
  { deadline, actor, idempotencyKey, fingerprint, note, fence }: InvokeOptions<N>,
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
    ...(note === undefined ? {} : { note }),
    ...(fence === undefined ? {} : { fence }),
    request,
  };
}

/** Returns the same error as one that occurred before anything was sent. */
function notBegun(error: unknown): unknown {
  return error instanceof HostOperationError ? error.notBegun() : error;
}

function neverSent(): HostOperationError {
  return new HostOperationError('host-timeout', 'The operation timed out before it was sent to the host.', {
    began: false,
    remedy: 'Nothing was changed on the host. Check that the host responds, then try again.',
  });
}

function deadlinePassed(): HostOperationError {
  return new HostOperationError('host-timeout', 'The operation timed out on the host.', {
    began: true,
    remedy: 'Check the host: the operation may still be running there.',
  });
}
