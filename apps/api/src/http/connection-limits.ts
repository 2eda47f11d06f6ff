import type { Config } from '../config/settings.ts';

/** Resource limits of connections. They hold regardless of the number of requests on a connection. */
export interface ConnectionLimits {
  /** Concurrent connections of all clients. */
  readonly connections: number;
  /** Concurrent connections of one client. */
  readonly connectionsPerClient: number;
  /** Addresses and ranges of proxies. The limit per client does not apply to them, because each serves many clients. */
  readonly proxies: readonly string[];
  /** Time in milliseconds that a connection may neither read its response nor continue its request. */
  readonly stallTimeoutMs: number;
  /** Time in milliseconds for the headers of a request to arrive. */
  readonly headersTimeoutMs: number;
  /** Time in milliseconds for a whole request to arrive; its response may take longer. */
  readonly requestTimeoutMs: number;
  /**
   * Time in milliseconds that a connection may stay idle between two requests: longer than the usual minute of proxies.
   */
  readonly keepAliveTimeoutMs: number;
  /** Bytes of responses that clients have not read yet, over all connections. */
  readonly unsentBytes: number;
  /** Pipelined requests waiting for the response before theirs, over all connections. */
  readonly waitingRequests: number;
}

/** Returns the connection limits of a configuration. */
export function connectionLimits(
  config: Pick<Config, 'maxConnections' | 'maxConnectionsPerClient' | 'trustedProxies'>,
): ConnectionLimits {
  return {
    connections: config.maxConnections,
    connectionsPerClient: config.maxConnectionsPerClient,
    proxies: config.trustedProxies,
    stallTimeoutMs: 30_000,
    headersTimeoutMs: 20_000,
    requestTimeoutMs: 60_000,
    keepAliveTimeoutMs: 72_000,
    unsentBytes: 64 * 1024 * 1024,
    waitingRequests: 10_000,
  };
}
