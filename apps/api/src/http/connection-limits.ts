import type { Config } from '../config/settings.ts';

/** What connections may cost. Every limit holds however many requests a connection carries. */
export interface ConnectionLimits {
  /** Connections at once, over all clients. */
  readonly connections: number;
  /** Connections at once of one client. */
  readonly connectionsPerClient: number;
  /** How long a connection may take nothing of what was written for it, or stay silent in a request, in milliseconds. */
  readonly stallTimeoutMs: number;
  /** How long the headers of a request may take to arrive, in milliseconds. */
  readonly headersTimeoutMs: number;
  /** How long a request may take to arrive as a whole, in milliseconds; what is answered may take longer. */
  readonly requestTimeoutMs: number;
  /** How long a connection may stay open between two requests, in milliseconds: longer than the minute of usual proxies. */
  readonly keepAliveTimeoutMs: number;
  /** Bytes of answers that clients have not taken yet, over all connections. */
  readonly unsentBytes: number;
  /** Pipelined requests that wait for the answer before theirs, over all connections. */
  readonly waitingRequests: number;
}

/** The limits of a service with this configuration. */
export function connectionLimits(
  config: Pick<Config, 'maxConnections' | 'maxConnectionsPerClient'>,
): ConnectionLimits {
  return {
    connections: config.maxConnections,
    connectionsPerClient: config.maxConnectionsPerClient,
    stallTimeoutMs: 30_000,
    headersTimeoutMs: 20_000,
    requestTimeoutMs: 60_000,
    keepAliveTimeoutMs: 72_000,
    unsentBytes: 64 * 1024 * 1024,
    waitingRequests: 10_000,
  };
}
