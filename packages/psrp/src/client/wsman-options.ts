import { rules, type OptionRules } from '../core/index.ts';
import type { ActionName } from '../wsman/index.ts';
import type { Authenticator } from './authenticator.ts';
import type { TlsOptions } from './tls-policy.ts';

/** How a host is reached. Times are milliseconds, sizes bytes. */
export interface WsmanClientOptions {
  /** For instance `https://host01.example.net:5986/wsman`. Credentials in it are refused. */
  readonly url: string | URL;
  readonly authenticator: Authenticator;
  readonly tls?: TlsOptions;
  /** Lets credentials travel readable over plain HTTP to another machine. Off unless someone means it. */
  readonly allowPlainCredentials?: boolean;
  /** How long the host may wait before it says that nothing happened: the length of a long poll. Default 60,000. */
  readonly operationTimeoutMs?: number;
  /** How much longer than that a request may take before the host counts as silent. Default 30,000. */
  readonly timeoutSlackMs?: number;
  /** Default 10,000. */
  readonly connectTimeoutMs?: number;
  /** When an unused connection is closed: before the host does it. Default 90,000. */
  readonly idleConnectionMs?: number;
  /**
   * The longest envelope, both ways. Default 153,600, which hosts accept unless someone lowered their MaxEnvelopeSizekb. One
   * that refuses a request as too long is sent no such long ones any more, see `WsmanClient.maxRequestSize`.
   */
  readonly maxEnvelopeSize?: number;
  /**
   * Connections at most; two at least, and three for a runspace pool. Default 8: a pool's own Receive, five running
   * pipelines, and room for the rest. With more pipelines than that some wait for the long poll of others to end.
   */
  readonly maxConnections?: number;
  /** Told of each request when it is over; must not throw. */
  readonly onRequest?: (observation: RequestObservation) => void;
}

/** One request that is over, as it went over the wire. */
export interface RequestObservation {
  readonly action: ActionName | 'identify';
  /** Bytes of the body sent, before sealing. */
  readonly requestBytes: number;
  /** Bytes of the body received, after opening; 0 where there was none. */
  readonly responseBytes: number;
  /** The HTTP status, or undefined where nothing was answered. */
  readonly status: number | undefined;
}

/** How a runspace pool is carried over WS-Management. */
export interface WsmanTransportOptions extends WsmanClientOptions {
  /** The endpoint on the host. Default: Windows PowerShell's. */
  readonly resourceUri?: string;
  /** Milliseconds that the shell outlives a client that died, 60,000 at least. Default 600,000. */
  readonly idleTimeoutMs?: number;
  /** Milliseconds that closing may take before the host is left to its idle time-out. Default 10,000. */
  readonly closeTimeoutMs?: number;
}

/** Options of a WsmanClient and of a transport over one. */
export const wsmanRules: OptionRules<WsmanTransportOptions> = {
  url: rules.url,
  authenticator: rules.with('an Authenticator, as basic(), kerberos() and ntlm() make them', 'forConnection'),
  tls: rules.object,
  allowPlainCredentials: rules.flag,
  operationTimeoutMs: rules.durationFrom(1),
  timeoutSlackMs: rules.duration,
  connectTimeoutMs: rules.durationFrom(1),
  idleConnectionMs: rules.durationFrom(1),
  maxEnvelopeSize: rules.count,
  maxConnections: rules.count,
  onRequest: rules.call,
  resourceUri: rules.text,
  idleTimeoutMs: rules.durationFrom(1),
  closeTimeoutMs: rules.duration,
};
