import { Client, type Dispatcher } from 'undici';
import { abortable } from '../core/abortable.ts';
import { originalContentType, soapContentType } from '../wsman/index.ts';
import type {
  AuthenticationStep,
  Authenticator,
  Challenge,
  ConnectionAuthentication,
} from './authenticator.ts';
import { Dialer, SocketGoneError } from './dialer.ts';
import type { TlsPolicy } from './tls-policy.ts';
import { accessDenied, connectionError, unstarted, WsmanError } from './errors.ts';

/** Options of the connections to a host. */
export interface ConnectionOptions {
  readonly url: URL;
  readonly authenticator: Authenticator;
  readonly tls: TlsPolicy;
  /** Timeout for connecting, in milliseconds. */
  readonly connectTimeoutMs: number;
  /** Milliseconds after which an idle connection is closed; hosts drop idle connections after two minutes. */
  readonly idleConnectionMs: number;
  /** Size of the largest response body that is read, in bytes. */
  readonly maxResponseSize: number;
}

/** HTTP response, opened. */
export interface HttpAnswer {
  readonly status: number;
  /** Content type of the body in clear text. */
  readonly contentType: string;
  readonly body: Buffer;
}

interface SecurityContext {
  readonly auth: ConnectionAuthentication;
  /** `Authorization` header of each request; undefined if the connection itself is authenticated. */
  readonly authorization: string | undefined;
  /** True if the socket itself was authenticated: its messages are invalid on any other socket. */
  readonly bound: boolean;
}

type Refusal = Extract<AuthenticationStep, { kind: 'refused' }>;

/** Statuses of requests that the host rejected before it opened their seal; their responses cannot be sealed. */
const unsealedStatuses: ReadonlySet<number> = new Set([401, 413]);

/** Limits the legs of a handshake: a mechanism that needs more is looping. */
const maxLegs = 8;

/**
 * Socket with its security context; carries one request at a time. When the socket closes, its context is discarded and
 * the next request authenticates a new socket.
 */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #client: Client;
  readonly #dialer: Dialer;
  readonly #path: string;
  #context: SecurityContext | undefined;
  #connected = false;
  #wasConnected = false;
  /** Called when the current request is put on the wire. */
  #onSend: (() => void) | undefined;
  /** Counts sockets: the legs of a handshake are invalid on another socket. */
  #generation = 0;

  /** Opens no socket yet: the first request does. */
  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#path = options.url.pathname + options.url.search;
    this.#dialer = new Dialer(options.url, options.connectTimeoutMs, options.tls);
    this.#client = new Client(options.url.origin, {
      pipelining: 1,
      allowH2: false,
      keepAliveTimeout: options.idleConnectionMs,
      keepAliveMaxTimeout: options.idleConnectionMs,
      // Each call has its own timer, which covers connecting, waiting and reading.
      headersTimeout: 0,
      bodyTimeout: 0,
      maxResponseSize: options.maxResponseSize,
      connect: this.#dialer.connect,
    });
    this.#client.on('connect', () => {
      this.#connected = true;
      this.#wasConnected = true;
      this.#onSend?.();
    });
    this.#client.on('disconnect', () => {
      this.#connected = false;
      this.#generation += 1;
      this.#drop();
    });
  }

  /**
   * Posts a body, and authenticates first if necessary. A 401 proves that the host did nothing, so the body is then
   * sent once more in a new context; it is never resent otherwise.
   *
   * Rejects with a WsmanError, or with the signal's reason.
   *
   * @param onSend called each time the body is put on the wire.
   */
  async post(body: Buffer, signal: AbortSignal, onSend?: () => void): Promise<HttpAnswer> {
    this.#wasConnected = this.#connected;
    const wire = { started: false };
    const sending = (): void => {
      wire.started = true;
      onSend?.();
    };
    try {
      const fresh = this.#context === undefined;
      const generation = this.#generation;
      const first = await this.#exchange(body, signal, sending).catch((error: unknown) => {
        if (!(error instanceof SocketGoneError)) throw error;
        wire.started = false;
        this.#drop();
        return this.#exchange(body, signal, sending);
      });
      if (first.status !== 401) return first;
      wire.started = false;
      if (fresh && generation === this.#generation) throw await this.#refusal(first, signal);
      this.#drop();
      const second = await this.#exchange(body, signal, sending);
      if (second.status === 401) throw await this.#refusal(second, signal);
      return second;
    } catch (error) {
      if (signal.aborted) throw wire.started ? signal.reason : unstarted(signal.reason);
      if (error instanceof WsmanError) throw error;
      if (error instanceof SocketGoneError) throw lostUnstarted('before a request was sent', error);
      throw connectionError(error, this.#wasConnected, this.#options.url.origin, wire.started);
    }
  }

  /** Closes the socket. A pending request rejects. */
  async destroy(): Promise<void> {
    this.#dialer.discard();
    await this.#client.destroy();
    this.#drop();
  }

  async #exchange(
    body: Buffer,
    signal: AbortSignal,
    onSend: (() => void) | undefined,
  ): Promise<HttpAnswer & { challenge: Challenge }> {
    const context = (this.#context ??= await this.#authenticate(signal));
    const sealed = guarded(false, () => context.auth.wrap({ contentType: soapContentType, body }));
    // Without a socket undici opens one first; its `connect` event then marks the start of sending.
    if (this.#connected && !signal.aborted) onSend?.();
    else this.#onSend = onSend;
    this.#dialer.bound = context.bound;
    const sending = this.#send(sealed.body, sealed.contentType, context.authorization, signal);
    const answer = await sending.finally(() => (this.#onSend = undefined));
    if (unsealedStatuses.has(answer.status) || answer.body.length === 0) return answer;
    const opened = guarded(true, () => context.auth.unwrap(answer));
    return { ...answer, contentType: originalContentType(answer), body: opened };
  }

  async #authenticate(signal: AbortSignal): Promise<SecurityContext> {
    const { url } = this.#options;
    if (!this.#connected && url.protocol === 'https:') await this.#dialer.prepare(signal);
    const serverCertificate = (): Buffer | undefined => this.#dialer.certificate;
    const auth = this.#options.authenticator.forConnection({ url, serverCertificate });
    const generation = this.#generation;
    try {
      let challenge: Challenge | undefined;
      for (let leg = 0; leg < maxLegs; leg += 1) {
        const step = await this.#step(auth, challenge, signal);
        if (step.kind === 'ready') {
          const { authorization } = step;
          return { auth, authorization, bound: leg > 0 && authorization === undefined };
        }
        if (step.kind === 'refused') throw this.#refused(step, generation);
        this.#dialer.bound = leg > 0;
        ({ challenge } = await this.#send(Buffer.alloc(0), soapContentType, step.authorization, signal));
      }
      throw accessDenied('the authentication did not come to an end');
    } catch (error) {
      auth.dispose();
      this.#dialer.discard();
      throw error instanceof SocketGoneError ? lostUnstarted('while authenticating', error) : error;
    }
  }

  /** Runs a step of the mechanism. A step may contact a KDC, so it is aborted with the request. */
  async #step(
    auth: ConnectionAuthentication,
    challenge: Challenge | undefined,
    signal: AbortSignal,
  ): Promise<AuthenticationStep> {
    try {
      return await abortable(auth.step(challenge), signal);
    } catch (cause) {
      if (signal.aborted) throw cause;
      const why = cause instanceof Error ? cause.message : 'the mechanism failed';
      throw new WsmanError('access-denied', `Access denied: ${why}`, { cause, started: false });
    }
  }

  /** Asks the mechanism for the reason of a refusal, unless the socket and its context have gone in the meantime. */
  async #refusal({ challenge }: { challenge: Challenge }, signal: AbortSignal): Promise<WsmanError> {
    const auth = this.#context?.auth;
    const step = auth === undefined ? undefined : await this.#step(auth, challenge, signal);
    return step?.kind === 'refused' ? accessDenied(step.reason, step.cause) : accessDenied();
  }

  async #send(
    body: Buffer,
    contentType: string,
    authorization: string | undefined,
    signal: AbortSignal,
  ): Promise<HttpAnswer & { challenge: Challenge }> {
    const response = await this.#client.request({
      method: 'POST',
      path: this.#path,
      headers: {
        'content-type': contentType,
        'user-agent': 'Aether-V',
        ...(authorization === undefined ? {} : { authorization }),
      },
      body,
      signal,
    });
    const content = Buffer.from(await response.body.arrayBuffer());
    return {
      status: response.statusCode,
      body: content,
      contentType: headerValues(response, 'content-type')[0] ?? '',
      challenge: {
        status: response.statusCode,
        wwwAuthenticate: headerValues(response, 'www-authenticate'),
      },
    };
  }

  #refused({ reason, cause }: Refusal, generation: number): WsmanError {
    if (generation === this.#generation) return accessDenied(reason, cause);
    return lostUnstarted('while authenticating', cause);
  }

  #drop(): void {
    this.#context?.auth.dispose();
    this.#context = undefined;
  }
}

function lostUnstarted(when: string, cause: unknown): WsmanError {
  return new WsmanError('connection-lost', `The connection was lost ${when}`, { cause, started: false });
}

/** Runs a sealing or opening operation and converts its error to a WsmanError `protocol`. */
function guarded<T>(started: boolean, seal: () => T): T {
  try {
    return seal();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : 'unknown';
    throw new WsmanError('protocol', `A message could not be ${started ? 'opened' : 'sealed'}: ${why}`, {
      cause,
      started,
    });
  }
}

function headerValues(response: Dispatcher.ResponseData, name: string): readonly string[] {
  const value = response.headers[name];
  return value === undefined ? [] : typeof value === 'string' ? [value] : value;
}
