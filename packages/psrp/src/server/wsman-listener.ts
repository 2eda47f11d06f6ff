import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { TLSSocket } from 'node:tls';
import { checkOptions, rules } from '../core/index.ts';
import {
  EnvelopeError,
  faultEnvelope,
  identifyResponseEnvelope,
  shellResourceUris,
  responseEnvelope,
  soapContentType,
  WsmanFault,
  type FaultName,
  type Identity,
  type ResponseHeader,
} from '../wsman/index.ts';
import type { Acceptance } from './authentication.ts';
import { systemClock } from './clock.ts';
import { commandEndpoint, psrpEndpoint, type Endpoint } from './endpoint.ts';
import { checkListener, type WsmanListenerOptions } from './listener-options.ts';
import { bare, ClientGone, FaultReply, soap, StatusReply, type WsmanReply } from './reply.ts';
import { countedAction, parseBody, readBody, targetOf, type ReadMessage } from './request-body.ts';
import type { ShellPacing } from './shell-session.ts';
import { ShellTable } from './shell-table.ts';
import { noTraffic, type Traffic } from './traffic.ts';

/** Default size of the largest envelope that is read, in bytes: MaxEnvelopeSizekb 500. */
export const defaultMaxEnvelopeSize = 512_000;

/** Pacing of real hosts. */
export const realHostPacing: ShellPacing = {
  receiveBytes: 32_768,
  highWaterMark: 131_072,
  idleDisconnectMs: 60_000,
  idleLostMs: 120_000,
  operationTimeoutMs: 60_000,
};

const defaultIdentity: Identity = {
  protocolVersion: 'http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd',
  productVendor: 'Microsoft Corporation',
  productVersion: 'OS: 10.0.20348 SP: 0.0 Stack: 3.0',
};

/** Bytes of a Receive response other than stream data: header, element names, a few streams. */
const receiveOverheadBytes = 4_096;

/** Abort reason of requests whose client has closed its connection. */
const goneReason = new Error('The client has closed its connection');

/**
 * WS-Management server of one host, as a request handler for `node:http` servers. Forwards shells to its backends;
 * `serveListener` serves it.
 */
export class WsmanListener {
  readonly #options: WsmanListenerOptions;
  readonly #shells: ShellTable;
  readonly #traffic: Traffic = noTraffic();
  readonly #maxEnvelopeSize: number;

  /** @throws {OptionError} if an option is missing or unusable. */
  constructor(options: WsmanListenerOptions) {
    checkListener(options);
    this.#options = options;
    this.#maxEnvelopeSize = options.maxEnvelopeSize ?? defaultMaxEnvelopeSize;
    this.#shells = new ShellTable({
      clock: options.clock ?? systemClock,
      pacing: { ...realHostPacing, ...options.pacing },
      endpoints: endpointsOf(options),
      idleTimeoutMs: 7_200_000,
      minIdleTimeoutMs: 60_000,
      maxIdleTimeoutMs: 2_147_483_647,
    });
  }

  /** Copy of the counters since the start. */
  get traffic(): Readonly<Traffic> {
    return { ...this.#traffic, byAction: { ...this.#traffic.byAction } };
  }

  /** Number of open shells. */
  get shellCount(): number {
    return this.#shells.size;
  }

  /** Handles one HTTP exchange. Bound to this listener. Never throws. */
  readonly handle = (http: IncomingMessage, response: ServerResponse): void => {
    this.#exchange(http, response).catch(() => {
      // Only a broken socket gets here: no response is possible.
      http.socket.destroy();
    });
  };

  /** Closes all shells and ends pending Receives. Does not close the HTTP server. */
  async close(): Promise<void> {
    await this.#shells.close();
  }

  async #exchange(http: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = new AbortController();
    response.once('close', () => {
      if (!response.writableFinished) gone.abort(goneReason);
    });
    const reply = await this.#reply(http, response, gone.signal);
    if (reply === undefined || gone.signal.aborted) return;
    this.#traffic.bytesOut += reply.body.length;
    response.writeHead(reply.status, { ...reply.headers, 'content-length': reply.body.length });
    response.end(reply.body);
  }

  async #reply(
    http: IncomingMessage,
    response: ServerResponse,
    gone: AbortSignal,
  ): Promise<WsmanReply | undefined> {
    if (http.method !== 'POST') return bare(405, { allow: 'POST' });
    const verdict = await this.#options.authentication(http);
    const body = await readBody(http, this.#maxEnvelopeSize);
    if (body === undefined) return bare(413, { connection: 'close' });
    if (verdict.kind === 'challenge') return bare(401, { 'www-authenticate': verdict.wwwAuthenticate });
    const message = parseBody(body, http.headers['content-type'] ?? '', verdict.session);
    const action = countedAction(message);
    this.#traffic.bytesIn += body.length;
    this.#traffic.requests += 1;
    this.#traffic.byAction[action] += 1;
    const next = (): Promise<WsmanReply | undefined> =>
      this.#dispatch(message, verdict.principal, http, gone);
    const { intercept } = this.#options;
    const refuse = (fault: FaultName): WsmanReply => this.#fault(WsmanFault.of(fault), headerFor(message));
    const request = { action, ...targetOf(message), http, response, refuse };
    const reply = await (intercept?.(request, next) ?? next());
    return reply === undefined ? undefined : sealed(reply, verdict);
  }

  async #dispatch(
    message: ReadMessage,
    principal: string,
    http: IncomingMessage,
    gone: AbortSignal,
  ): Promise<WsmanReply | undefined> {
    if (message === 'empty') return bare(200);
    const header = headerFor(message);
    if (message instanceof EnvelopeError) {
      return this.#fault(new FaultReply('schemaValidation', message.message).fault, header);
    }
    if (message.kind === 'identify') {
      return soap(200, identifyResponseEnvelope(this.#options.identity ?? defaultIdentity));
    }
    try {
      if (message.kind === 'unknown') throw new FaultReply('invalidAction');
      const maxEnvelope = message.header.maxEnvelopeSize ?? this.#maxEnvelopeSize;
      const answer = await this.#shells.answer(message.request, {
        principal,
        clientAddress: http.socket.remoteAddress ?? '',
        endpoint: endpointOf(http),
        operationTimeoutMs: message.header.operationTimeoutMs,
        maxStreamBytes: Math.max(1, Math.floor((maxEnvelope - receiveOverheadBytes) / 4) * 3),
        gone,
      });
      return soap(200, responseEnvelope(answer, header));
    } catch (error) {
      if (error instanceof ClientGone) return undefined;
      if (error instanceof StatusReply) return bare(error.status);
      const reply = error instanceof FaultReply ? error : new FaultReply('internalError');
      return this.#fault(reply.fault, header);
    }
  }

  #fault(fault: WsmanFault, header: ResponseHeader): WsmanReply {
    return soap(500, faultEnvelope(fault, header, this.#options.machine ?? 'localhost'));
  }
}

function endpointsOf({
  backend,
  commandShell,
  quotas,
  resourceUris = [shellResourceUris.windowsPowerShell],
}: WsmanListenerOptions): ReadonlyMap<string, Endpoint> {
  const endpoints = new Map<string, Endpoint>();
  if (backend !== undefined) {
    for (const uri of resourceUris) endpoints.set(uri, psrpEndpoint(backend, quotas));
  }
  if (commandShell !== undefined)
    endpoints.set(shellResourceUris.commandShell, commandEndpoint(commandShell, quotas));
  return endpoints;
}

/** Creates the header of a response. */
function headerFor(message: ReadMessage): ResponseHeader {
  const isRead = message !== 'empty' && !(message instanceof EnvelopeError) && message.kind !== 'identify';
  return { messageId: randomUUID().toUpperCase(), relatesTo: isRead ? message.header.messageId : '' };
}

function endpointOf(http: IncomingMessage): string {
  const scheme = http.socket instanceof TLSSocket ? 'https' : 'http';
  return `${scheme}://${http.headers.host ?? ''}${http.url ?? ''}`;
}

/**
 * Creates a request handler that selects a listener by URL path and responds 404 to all other paths: many hosts on one
 * port.
 *
 * @throws {OptionError} if `listenerAt` is not a function.
 */
export function routeByPath(
  listenerAt: (path: string) => WsmanListener | undefined,
): (http: IncomingMessage, response: ServerResponse) => void {
  checkOptions({ listenerAt }, { listenerAt: rules.call }, ['listenerAt']);
  return (http, response) => {
    const listener = listenerAt((http.url ?? '').split('?', 1)[0] ?? '');
    if (listener === undefined) response.writeHead(404, { 'content-length': 0 }).end();
    else listener.handle(http, response);
  };
}

function sealed(reply: WsmanReply, { session, wwwAuthenticate }: Acceptance): WsmanReply {
  const headers = { ...reply.headers, ...(wwwAuthenticate && { 'www-authenticate': wwwAuthenticate }) };
  if (session === undefined || reply.body.length === 0) return { ...reply, headers };
  const { contentType, body } = session.seal({ contentType: soapContentType, body: reply.body });
  return { ...reply, headers: { ...headers, 'content-type': contentType }, body };
}
