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

/** How connections to a host are made. */
export interface ConnectionOptions {
  readonly url: URL;
  readonly authenticator: Authenticator;
  readonly tls: TlsPolicy;
  /** Milliseconds to wait for a connection. */
  readonly connectTimeoutMs: number;
  /** Milliseconds after which a connection that was not used is closed; hosts drop theirs after two minutes. */
  readonly idleConnectionMs: number;
  /** Bytes of the longest answer that is read, headers aside. */
  readonly maxResponseSize: number;
}

/** One answer, opened. */
export interface HttpAnswer {
  readonly status: number;
  /** What the body is in the clear. */
  readonly contentType: string;
  readonly body: Buffer;
}

interface SecurityContext {
  readonly auth: ConnectionAuthentication;
  /** What each request carries, where the connection itself does not remember. */
  readonly authorization: string | undefined;
  /** Whether the socket was authenticated, so that messages mean nothing on another one. */
  readonly bound: boolean;
}

type Refusal = Extract<AuthenticationStep, { kind: 'refused' }>;

/** Refusals of what was not even read: before the seal is opened, so that they cannot be sealed. */
const unsealedStatuses: ReadonlySet<number> = new Set([401, 413]);

/** A mechanism with more legs than this is going in circles. */
const maxLegs = 8;

/**
 * One socket and its security context; one request at a time. When the socket closes the context goes with it, and the
 * next request authenticates the new one.
 */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #client: Client;
  readonly #dialer: Dialer;
  readonly #path: string;
  #context: SecurityContext | undefined;
  #connected = false;
  #wasConnected = false;
  /** Called when the request under way goes on the wire. */
  #onSend: (() => void) | undefined;
  /** Counts sockets: a mechanism's legs mean nothing on another one. */
  #generation = 0;

  /** Opens nothing yet: the socket is made by the first request. */
  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#path = options.url.pathname + options.url.search;
    this.#dialer = new Dialer(options.url, options.connectTimeoutMs, options.tls);
    this.#client = new Client(options.url.origin, {
      pipelining: 1,
      allowH2: false,
      keepAliveTimeout: options.idleConnectionMs,
      keepAliveMaxTimeout: options.idleConnectionMs,
      // Each call has a timer of its own, which covers connecting, waiting and reading.
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
   * Posts a body, authenticating first where needed. Rejects with WsmanError, or with the signal's reason. A 401 means
   * that the host did nothing, so the body is sent once more on a fresh context, and never otherwise.
   *
   * @param onSend called when the body goes on the wire, each time.
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

  /** Closes the socket, whatever is under way on it. */
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
    // Without a socket undici makes one first, and tells by `connect` that it sends.
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

  /** A step may ask a KDC; it must not outlast the call it is for. */
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

  /** What the mechanism has to say of a refusal, unless the socket and its context have gone meanwhile. */
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

/** A seal that cannot be made or does not fit. */
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
