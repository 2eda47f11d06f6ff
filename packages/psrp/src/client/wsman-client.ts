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

/** Bytes of the longest envelope, both ways. */
export const defaultMaxEnvelopeSize = 153_600;

/** An answer longer than the envelope asked for is still read up to this much more: headers of multipart, padding. */
const responseMarginBytes = 65_536;

/** What a host refuses with these statuses, when no fault says more. */
const codesByStatus: Readonly<Record<number, 'access-denied' | 'no-endpoint' | 'too-large'>> = {
  403: 'access-denied',
  404: 'no-endpoint',
  // What Windows answers to a request beyond MaxEnvelopeSizekb (wsmerror.h has 0x80338111 for clients that get it).
  413: 'too-large',
};

/** Requests of this length are never cut further: the smallest envelope that services may insist on (DSP0226, 8,192 octets). */
const minEnvelopeBytes = 8_192;

/** Speaks WS-Management with one host. Every call takes a signal, has a time-out, and rejects with WsmanError. */
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
   * Connects to nothing yet.
   *
   * @throws {WsmanError} `insecure` where credentials would travel readable.
   * @throws {OptionError} for an option that is missing or unusable.
   * @throws {TypeError} for an unusable pinned fingerprint.
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

  /** The header that the next request would have; its length is the same for all. */
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
   * Bytes that an envelope may have for this host. Half the length of a request that the host found too long, not below
   * 8,192; it never grows again.
   */
  get maxRequestSize(): number {
    return this.#maxRequestSize;
  }

  /** Asks what answers there; needs an endpoint and accepted credentials, but no shell. */
  async identify(signal?: AbortSignal): Promise<Identity> {
    const answer = await this.#post('identify', identifyEnvelope(), signal);
    if (answer.status !== 200) throw statusError(answer, this.#url);
    return this.#read(answer, (text) => readIdentity(text, this.#limits));
  }

  /**
   * Sends a request and reads its answer. A fault rejects with the WsmanError that it means.
   *
   * @param abortable until when the signal matters: `unsent` waits for the answer to what is on the wire already.
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
      throw new WsmanError('protocol', 'The answer belongs to another request', { status: answer.status });
    }
    return read.response;
  }

  /** The shells of this account on the host. */
  async shells(signal?: AbortSignal): Promise<readonly ShellDescription[]> {
    return (await this.request({ action: 'enumerate' }, signal)).shells;
  }

  /** Closes all connections; calls under way reject with `closed`. Shells stay: delete them first. Idempotent. */
  async close(): Promise<void> {
    this.#closing.abort(new WsmanError('closed', 'The client was closed'));
    await this.#pool.close();
  }

  /** Learns from a host that finds a request too long. */
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
      const message = `The answer of ${this.#url.origin} is not one of WS-Management: ${cause.message}`;
      throw new WsmanError('protocol', message, { cause, status: answer.status });
    }
  }
}

function endpointUrl(options: WsmanClientOptions): URL {
  const url = new URL(options.url);
  const readable =
    url.protocol === 'http:' && options.authenticator.exposesSecret && !isLoopback(url.hostname);
  if (readable && options.allowPlainCredentials !== true) {
    throw new WsmanError('insecure', `Credentials for ${url.host} would travel readable: use https`, {
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
  return new WsmanError(code, `${url.href} answers with HTTP status ${status}`, {
    status,
    started: code === 'protocol' && status >= 500,
  });
}
