import { createServer, type RequestListener, type Server } from 'node:http';
import { Socket } from 'node:net';
import { answerTooManyConnections, answerUnreadable } from '../problems/raw-answer.ts';
import { ConnectionCounts } from './connection-counts.ts';
import type { ConnectionLimits } from './connection-limits.ts';
import { RequestTurns } from './request-turns.ts';
import { closeLargestUnsent } from './unsent-answers.ts';

/** Interval of Node's check for late requests, in milliseconds. */
const longestSweep = 5000;

/**
 * Creates an HTTP server with limits per connection in addition to those per request: on the number of connections, on
 * concurrent requests of a connection (one), and on the bytes of unread responses.
 */
export function createBoundedServer(handler: RequestListener, limits: ConnectionLimits): Server {
  const { headersTimeoutMs, requestTimeoutMs, keepAliveTimeoutMs, stallTimeoutMs } = limits;
  const counts = new ConnectionCounts();
  const turns = new RequestTurns((request, response) => {
    closeLargestUnsent(turns.open(), limits.unsentBytes, (socket) => counts.clientOf(socket));
    handler(request, response);
  }, limits.waitingRequests);
  const server = createServer(
    {
      headersTimeout: headersTimeoutMs,
      requestTimeout: requestTimeoutMs,
      keepAliveTimeout: keepAliveTimeoutMs,
      connectionsCheckingInterval: Math.min(longestSweep, headersTimeoutMs),
      // Otherwise Node itself answers a request without Host, ahead of earlier requests of the connection.
      requireHostHeader: false,
    },
    (request, response) => turns.take(request, response),
  );
  // These requests wait for their turn as well; the expectation may be ignored (RFC 9110, 10.1.1).
  server.on('checkExpectation', (request, response) => turns.take(request, response));
  server.on('connection', (socket) => {
    turns.watch(socket);
    const client = counts.add(socket);
    const isFull = counts.total > limits.connections || counts.of(client) > limits.connectionsPerClient;
    if (isFull) answerTooManyConnections(socket);
  });
  // A socket's timer also restarts when a pending write makes progress.
  server.setTimeout(stallTimeoutMs, (socket) => {
    const waitsForUs = turns.isBusy(socket) && socket.writableLength === 0;
    if (waitsForUs) socket.setTimeout(stallTimeoutMs);
    else socket.destroy();
  });
  server.on('clientError', (error: Error, socket) => {
    if (socket instanceof Socket) turns.fail(socket, () => answerUnreadable(error, socket));
  });
  return server;
}
