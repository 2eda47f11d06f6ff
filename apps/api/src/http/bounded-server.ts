import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { Socket } from 'node:net';
import { allowedAddresses } from '../common/allowed-addresses.ts';
import { ConnectionCounts } from './connection-counts.ts';
import type { ConnectionLimits } from './connection-limits.ts';
import { answerTooManyConnections, answerUnreadable } from './raw-answer.ts';
import { RequestTurns } from './request-turns.ts';
import { tlsOptions, type TlsFiles } from './tls/tls-files.ts';
import { closeLargestUnsent } from './unsent-answers.ts';

/** Interval of Node's check for late requests, in milliseconds. */
const longestSweep = 5000;

/**
 * Creates an HTTP server with limits per connection in addition to those per request: on the number of connections, on
 * concurrent requests of a connection (one), and on the bytes of unread responses.
 *
 * @param tls The certificate and key of an HTTPS server; without them the server speaks plain HTTP.
 */
export function createBoundedServer(
  handler: RequestListener,
  limits: ConnectionLimits,
  tls?: Pick<TlsFiles, 'cert' | 'key'>,
): Server {
  const counts = new ConnectionCounts();
  const isProxy = limits.proxies.length === 0 ? () => false : allowedAddresses(limits.proxies);
  const turns = new RequestTurns((request, response) => {
    closeLargestUnsent(turns.open(), limits.unsentBytes, (socket) => counts.clientOf(socket));
    handler(request, response);
  }, limits.waitingRequests);
  const server = createServer((request, response) => turns.take(request, response), limits, tls);
  // These requests wait for their turn as well; the expectation may be ignored (RFC 9110, 10.1.1).
  server.on('checkExpectation', (request, response) => turns.take(request, response));
  server.on('connection', (socket) => {
    const client = counts.add(socket);
    const isClientFull =
      counts.of(client) > limits.connectionsPerClient && !isProxy(socket.remoteAddress ?? '');
    const isFull = counts.total > limits.connections || isClientFull;
    // A response over TLS would cost a handshake.
    if (isFull && tls !== undefined) socket.destroy();
    else if (isFull) answerTooManyConnections(socket);
  });
  // Over TLS, requests arrive on another socket after the handshake.
  const readable = new WeakSet<Socket>();
  server.on(tls === undefined ? 'connection' : 'secureConnection', (socket: Socket) => {
    readable.add(socket);
    turns.watch(socket);
    counts.name(socket);
  });
  limitStalls(server, turns, limits);
  server.on('clientError', (error: Error, socket) => {
    if (!(socket instanceof Socket)) return;
    if (readable.has(socket)) turns.fail(socket, () => answerUnreadable(error, socket));
    // The handshake failed, so no response can be sent.
    else socket.destroy();
  });
  return server;
}

function createServer(
  take: RequestListener,
  { headersTimeoutMs, requestTimeoutMs, keepAliveTimeoutMs }: ConnectionLimits,
  tls: Pick<TlsFiles, 'cert' | 'key'> | undefined,
): Server {
  const options = {
    headersTimeout: headersTimeoutMs,
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: keepAliveTimeoutMs,
    connectionsCheckingInterval: Math.min(longestSweep, headersTimeoutMs),
    // Otherwise Node itself responds to a request without Host, ahead of earlier requests on the connection.
    requireHostHeader: false,
  };
  if (tls === undefined) return createHttpServer(options, take);
  const { cert, key } = tls;
  return createHttpsServer(
    { ...options, ...tlsOptions, cert, key, handshakeTimeout: headersTimeoutMs },
    take,
  );
}

/** Closes connections that neither read nor send, unless they wait for us. */
function limitStalls(server: Server, turns: RequestTurns, { stallTimeoutMs }: ConnectionLimits): void {
  // A socket's timer also restarts when a pending write makes progress.
  server.setTimeout(stallTimeoutMs, (socket) => {
    const waitsForUs = turns.isBusy(socket) && socket.writableLength === 0;
    if (waitsForUs) socket.setTimeout(stallTimeoutMs);
    else socket.destroy();
  });
}
