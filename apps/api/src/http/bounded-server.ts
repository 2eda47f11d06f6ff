import { createServer, type RequestListener, type Server } from 'node:http';
import { Socket } from 'node:net';
import { answerTooManyConnections, answerUnreadable } from '../problems/raw-answer.ts';
import { ConnectionCounts } from './connection-counts.ts';
import type { ConnectionLimits } from './connection-limits.ts';
import { RequestTurns } from './request-turns.ts';
import { closeLargestUnsent } from './unsent-answers.ts';

/** Node sweeps for requests that are late at this interval, in milliseconds. */
const longestSweep = 5000;

/**
 * An HTTP server whose clients are bounded by connection, not only by request: how many connections there are, one request
 * of each at a time, and how much of their answers waits to be taken.
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
      // Otherwise Node answers a request without Host itself and ignores the order of the connection's requests.
      requireHostHeader: false,
    },
    (request, response) => turns.take(request, response),
  );
  // Here as well; an expectation may be ignored (RFC 9110, 10.1.1).
  server.on('checkExpectation', (request, response) => turns.take(request, response));
  server.on('connection', (socket) => {
    turns.watch(socket);
    const client = counts.add(socket);
    const isFull = counts.total > limits.connections || counts.of(client) > limits.connectionsPerClient;
    if (isFull) answerTooManyConnections(socket);
  });
  // The timer of a socket also sees a write that makes progress, and starts anew then.
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
