import { randomUUID } from 'node:crypto';
import { checkOptions } from '../core/index.ts';
import {
  decodeText,
  defaultXmlLimits,
  EnvelopeError,
  identifyEnvelope,
  readIdentity,
  readResponse,
  requestEnvelope,
  tryReadFault,
  type ActionName,
  type Identity,
  type RequestHeader,
  type RequestOf,
  type ResponseOf,
  type ShellDescription,
  type XmlLimits,
} from '../wsman/index.ts';
import { ConnectionPool } from './connection-pool.ts';
import type { HttpAnswer } from './connection.ts';
import { Deadline } from './deadline.ts';
import { faultError, tooLarge, WsmanError } from './errors.ts';
import { TlsPolicy } from './tls-policy.ts';
import { wsmanRules, type RequestObservation, type WsmanClientOptions } from './wsman-options.ts';

/** Default size of the largest envelope in both directions, in bytes. */
export const defaultMaxEnvelopeSize = 153_600;

/** Bytes that a response may exceed the requested envelope size by: multipart headers, padding. */
const responseMarginBytes = 65_536;

/** Error codes of HTTP statuses that come without a fault. */
const codesByStatus: Readonly<Record<number, 'access-denied' | 'no-endpoint' | 'too-large'>> = {
  403: 'access-denied',
  404: 'no-endpoint',
  // Windows' response to a request beyond MaxEnvelopeSizekb (wsmerror.h defines 0x80338111 for the client side).
  413: 'too-large',
};

/** Bytes below which requests are never shortened: the smallest limit that a service may impose (DSP0226). */
const minEnvelopeBytes = 8_192;

/**
 * WS-Management client of one host. Every call has a timeout and accepts a signal; it rejects with a WsmanError, or
 * with the signal's reason.
 */
export class WsmanClient {
  readonly #url: URL;
  readonly #pool: ConnectionPool;
  readonly #operationTimeoutMs: number;
  readonly #slackMs: number;
  readonly #maxEnvelopeSize: number;
  #maxRequestSize: number;
  readonly #limits: XmlLimits;
  readonly #sessionId = randomUUID().toUpperCase();
  readonly #onRequest: ((observation: RequestObservation) => void) | undefined;
  readonly #closing = new AbortController();

  /**
   * Opens no connection yet.
   *
   * @throws {WsmanError} `insecure` if credentials would travel in clear text.
   * @throws {OptionError} if an option is missing or unusable.
   */
  constructor(options: WsmanClientOptions) {
    checkOptions(options, wsmanRules, ['url', 'authenticator']);
    const url = endpointUrl(options);
    this.#url = url;
    this.#operationTimeoutMs = options.operationTimeoutMs ?? 60_000;
    this.#slackMs = options.timeoutSlackMs ?? 30_000;
    this.#maxEnvelopeSize = options.maxEnvelopeSize ?? defaultMaxEnvelopeSize;
    this.#maxRequestSize = this.#maxEnvelopeSize;
    const maxResponseSize = this.#maxEnvelopeSize + responseMarginBytes;
    this.#limits = { ...defaultXmlLimits, maxLength: maxResponseSize };
    this.#onRequest = options.onRequest;
    this.#pool = new ConnectionPool(
      {
        url,
        authenticator: options.authenticator,
        tls: new TlsPolicy(options.tls),
        connectTimeoutMs: options.connectTimeoutMs ?? 10_000,
        idleConnectionMs: options.idleConnectionMs ?? 90_000,
        maxResponseSize,
      },
      options.maxConnections ?? 8,
    );
  }

  /** Header of the next request. All headers have the same length. */
  get header(): RequestHeader {
    return {
      to: this.#url.href,
      messageId: randomUUID().toUpperCase(),
      sessionId: this.#sessionId,
      operationTimeoutMs: this.#operationTimeoutMs,
      maxEnvelopeSize: this.#maxEnvelopeSize,
    };
  }

  /**
   * Largest envelope that the host accepts, in bytes. After a request that was too long it is half that request's
   * length, but at least 8,192. Never grows.
   */
  get maxRequestSize(): number {
    return this.#maxRequestSize;
  }

  /**
   * Queries product and protocol version of the host. Needs a reachable endpoint and valid credentials, but no shell.
   */
  async identify(signal?: AbortSignal): Promise<Identity> {
    const answer = await this.#post('identify', identifyEnvelope(), signal);
    if (answer.status !== 200) throw statusError(answer, this.#url);
    return this.#read(answer, (text) => readIdentity(text, this.#limits));
  }

  /**
   * Sends a request and reads its response. A fault rejects with the corresponding WsmanError.
   *
   * @param abortable until when the signal has an effect: `unsent` waits for the response to a request that is already
   * on the   wire.
   */
  async request<A extends ActionName>(
    request: RequestOf<A>,
    signal?: AbortSignal,
    abortable: 'always' | 'unsent' = 'always',
  ): Promise<ResponseOf<A>> {
    const { header } = this;
    const action: A = request.action;
    const envelope = requestEnvelope<A>(request, header);
    const answer = await this.#post(action, envelope, signal, abortable);
    if (answer.status !== 200) throw this.#refused(statusError(answer, this.#url), envelope);
    const read = this.#read(answer, (text) => readResponse(action, text, this.#limits));
    if (!read.ok) throw this.#refused(faultError(read.fault, answer.status), envelope);
    if (read.relatesTo !== '' && !read.relatesTo.toUpperCase().endsWith(header.messageId)) {
      throw new WsmanError('protocol', 'The response belongs to another request', { status: answer.status });
    }
    return read.response;
  }

  /** Lists the shells of this account on the host. */
  async shells(signal?: AbortSignal): Promise<readonly ShellDescription[]> {
    return (await this.request({ action: 'enumerate' }, signal)).shells;
  }

  /** Closes all connections; pending calls reject with `closed`. Does not delete shells: do that first. Idempotent. */
  async close(): Promise<void> {
    this.#closing.abort(new WsmanError('closed', 'The client was closed'));
    await this.#pool.close();
  }

  /** Lowers `maxRequestSize` if the host found a request too long. */
  #refused(error: WsmanError, envelope: string): WsmanError {
    if (error.code !== 'too-large') return error;
    const bytes = Buffer.byteLength(envelope);
    const next = Math.max(minEnvelopeBytes, Math.floor(bytes / 2));
    if (next < bytes) this.#maxRequestSize = Math.min(this.#maxRequestSize, next);
    return tooLarge(bytes, error);
  }

  async #post(
    action: ActionName | 'identify',
    envelope: string,
    caller: AbortSignal | undefined,
    abortable: 'always' | 'unsent' = 'always',
  ): Promise<HttpAnswer> {
    const body = Buffer.from(envelope, 'utf8');
    const deadline = new Deadline(caller, this.#closing.signal);
    let answer: HttpAnswer | undefined;
    try {
      return await this.#pool.use(
        action === 'receive' ? 'long' : 'short',
        deadline.signal,
        async (connection) => {
          deadline.start(this.#operationTimeoutMs + this.#slackMs, this.#url.origin);
          const onSend = abortable === 'unsent' ? (): void => deadline.ignore(caller) : undefined;
          answer = await connection.post(body, deadline.signal, onSend);
          return answer;
        },
      );
    } finally {
      deadline.clear();
      this.#onRequest?.({
        action,
        requestBytes: body.length,
        responseBytes: answer?.body.length ?? 0,
        status: answer?.status,
      });
    }
  }

  #read<T>(answer: HttpAnswer, reader: (text: string) => T): T {
    try {
      return reader(decodeText(answer));
    } catch (cause) {
      if (!(cause instanceof EnvelopeError)) throw cause;
      const message = `The response of ${this.#url.origin} is not WS-Management: ${cause.message}`;
      throw new WsmanError('protocol', message, { cause, status: answer.status });
    }
  }
}

function endpointUrl(options: WsmanClientOptions): URL {
  const url = new URL(options.url);
  const readable =
    url.protocol === 'http:' && options.authenticator.exposesSecret && !isLoopback(url.hostname);
  if (readable && options.allowPlainCredentials !== true) {
    throw new WsmanError('insecure', `Credentials for ${url.host} would be sent in clear text`, {
      started: false,
    });
  }
  return url;
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}

function statusError(answer: HttpAnswer, url: URL): WsmanError {
  const { status } = answer;
  const fault = answer.body.length === 0 ? undefined : tryReadFault(decodeText(answer));
  if (fault !== undefined) return faultError(fault, status);
  const code = codesByStatus[status] ?? 'protocol';
  return new WsmanError(code, `${url.href} answered with HTTP status ${status}`, {
    status,
    started: code === 'protocol' && status >= 500,
  });
}
