import type { Clock } from '../../common/clock.ts';
import type { HostEndpoint } from '../../config/host-endpoint.ts';
import type { AgentConnector, AgentSession } from '../agent/agent-session.ts';
import { HostOperationError } from '../errors/host-operation-error.ts';
import { refusesCredentials, type AccountAttempt, type AccountGate } from '../limits/account-gate.ts';
import type { Breaker } from '../limits/breaker.ts';
import type { Lanes } from '../limits/lanes.ts';
import type { Release } from '../limits/limiter.ts';
import { orAborted } from '../limits/or-aborted.ts';

/** Dependencies of a session keeper. */
export interface SessionKeeperOptions {
  readonly endpoint: HostEndpoint;
  readonly connector: AgentConnector;
  readonly breaker: Breaker;
  readonly lanes: Lanes;
  /** The gate of the account used for the host, if there is one. */
  readonly account: AccountGate | undefined;
  readonly clock: Clock;
  /** Time limit for connecting and authenticating, in milliseconds. */
  readonly handshakeTimeout: number;
}

/** An open session and its last activity. */
export interface KeptSession {
  readonly session: AgentSession;
  /** The time of the last line from the host over this session; undefined before the first. */
  heardAt: number | undefined;
}

/**
 * Keeps one session to a host open. Callers that need it while it is being opened share one handshake, which first
 * passes the circuit breaker and takes one of the fleet's handshake places.
 */
export class SessionKeeper {
  readonly #options: SessionKeeperOptions;
  readonly #closing = new AbortController();
  #kept: KeptSession | undefined;
  #opening: Promise<KeptSession> | undefined;
  #lastError: HostOperationError | undefined;

  constructor(options: SessionKeeperOptions) {
    this.#options = options;
  }

  /** The state of the session. */
  get state(): 'open' | 'opening' | 'none' {
    if (this.#kept !== undefined && !this.#kept.session.lost) return 'open';
    return this.#opening === undefined ? 'none' : 'opening';
  }

  /** Returns the open session, or opens a new one. Rejects with the signal's reason if it is aborted first. */
  async use(signal: AbortSignal): Promise<{ readonly kept: KeptSession; readonly fresh: boolean }> {
    if (this.#kept?.session.lost === true) this.drop(this.#kept);
    if (this.#kept !== undefined) return { kept: this.#kept, fresh: false };
    if (this.#opening === undefined) {
      const opening = this.#open().finally(() => (this.#opening = undefined));
      opening.catch(() => undefined);
      this.#opening = opening;
    }
    return { kept: await orAborted(this.#opening, signal), fresh: true };
  }

  /** Records that a line arrived. */
  heard(kept: KeptSession): void {
    kept.heardAt = this.#options.clock.now();
    this.#options.breaker.succeed();
  }

  /** Drops a lost or hung session. One that never produced output counts as a failure of the host. */
  drop(kept: KeptSession, hung?: HostOperationError): void {
    if (this.#kept !== kept) return;
    this.#kept = undefined;
    void kept.session.close();
    if (hung === undefined && kept.heardAt !== undefined) return;
    if (hung !== undefined) this.#lastError = hung;
    this.#options.breaker.fail('soft');
  }

  /** Ends the session, and any handshake in progress. */
  async close(): Promise<void> {
    this.#closing.abort(shuttingDown());
    const kept = this.#kept;
    this.#kept = undefined;
    await kept?.session.close();
  }

  async #open(): Promise<KeptSession> {
    const { breaker, lanes, account, endpoint } = this.#options;
    if (breaker.retryAfter > 0) throw this.#unreachable(breaker.retryAfter);
    const closing = this.#closing.signal;
    // A host that must wait for its account does not occupy a handshake place.
    const kind = breaker.suspect ? 'suspect' : 'trusted';
    const attempt = await account?.enter(endpoint.address, kind, closing);
    const lane = lanes[kind];
    let release: Release | undefined;
    try {
      release = await lane.handshakes.acquire(closing);
      const kept: KeptSession = { session: await this.#handshake(), heardAt: undefined };
      attempt?.accepted();
      this.#kept = kept;
      return kept;
    } catch (error) {
      throw this.#failed(error, attempt);
    } finally {
      release?.();
    }
  }

  async #handshake(): Promise<AgentSession> {
    const { connector, endpoint, clock, handshakeTimeout } = this.#options;
    const timeout = new AbortController();
    const cancel = clock.schedule(handshakeTimeout, () => timeout.abort(handshakeTooLong(handshakeTimeout)));
    const signal = AbortSignal.any([timeout.signal, this.#closing.signal]);
    const opening = connector.open(endpoint, signal);
    try {
      return await orAborted(opening, signal);
    } catch (error) {
      // A connector that ignored the signal may still succeed; close its session, since no caller will.
      opening.then((session) => session.close()).catch(() => undefined);
      throw error;
    } finally {
      cancel();
    }
  }

  #failed(error: unknown, attempt: AccountAttempt | undefined): HostOperationError {
    const failure =
      error instanceof HostOperationError
        ? error
        : new HostOperationError('host-unreachable', 'The connection to the host failed.', {
            began: false,
            cause: error,
          });
    const isRefused = refusesCredentials(failure);
    if (isRefused) attempt?.refused(failure);
    else attempt?.unjudged();
    if (failure.code === 'shutting-down') return failure;
    this.#lastError = failure;
    this.#options.breaker.fail(isRefused ? 'refused' : failure.code === 'access-denied' ? 'hard' : 'soft');
    return failure;
  }

  #unreachable(retryAfter: number): HostOperationError {
    const last = this.#lastError;
    const why = last === undefined ? '' : ` ${last.message}`;
    return new HostOperationError('host-unavailable', `The host did not respond to the last attempt.${why}`, {
      began: false,
      remedy: last?.remedy ?? null,
      retryAfterSeconds: Math.ceil(retryAfter / 1000),
      cause: last,
    });
  }
}

/** Returns the error that ends all calls when the service stops. */
export function shuttingDown(began = false): HostOperationError {
  return new HostOperationError('shutting-down', 'The service is shutting down.', { began });
}

function handshakeTooLong(milliseconds: number): HostOperationError {
  const detail = `It did not complete a connection within ${String(milliseconds / 1000)} s.`;
  return HostOperationError.of('timeout', { began: false, detail });
}
