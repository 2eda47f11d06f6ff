import { rules, type OptionRules } from '../core/index.ts';
import type { ActionName } from '../wsman/index.ts';
import type { Authenticator } from './authenticator.ts';
import type { TlsOptions } from './tls-policy.ts';

/** Options of a WsmanClient. Durations are in milliseconds, sizes in bytes. */
export interface WsmanClientOptions {
  /** Endpoint, for example `https://host01.example.net:5986/wsman`. A URL with credentials is refused. */
  readonly url: string | URL;
  readonly authenticator: Authenticator;
  readonly tls?: TlsOptions;
  /** Allows credentials in clear text over plain HTTP to another machine. Default false. */
  readonly allowPlainCredentials?: boolean;
  /** Duration of a long poll: how long the host may wait before it reports that there is no output. Default 60,000. */
  readonly operationTimeoutMs?: number;
  /** Added to `operationTimeoutMs` for the timeout of a request. Default 30,000. */
  readonly timeoutSlackMs?: number;
  /** Timeout for connecting. Default 10,000. */
  readonly connectTimeoutMs?: number;
  /** Time after which an idle connection is closed, before the host closes it. Default 90,000. */
  readonly idleConnectionMs?: number;
  /**
   * Largest envelope in both directions. Default 153,600, which hosts accept unless their MaxEnvelopeSizekb was
   * lowered. After a host has refused a request as too long, requests get shorter: see `WsmanClient.maxRequestSize`.
   */
  readonly maxEnvelopeSize?: number;
  /**
   * Maximum number of connections; at least 2, and at least 3 for a runspace pool. Default 8: one for the pool's own
   * Receive, five for running pipelines, two for other requests. With more pipelines, some wait for the long poll of
   * others to end.
   */
  readonly maxConnections?: number;
  /** Called after each request. Must not throw. */
  readonly onRequest?: (observation: RequestObservation) => void;
}

/** Completed request, as seen on the wire. */
export interface RequestObservation {
  readonly action: ActionName | 'identify';
  /** Size of the request body before sealing, in bytes. */
  readonly requestBytes: number;
  /** Size of the response body after opening, in bytes; 0 if there was none. */
  readonly responseBytes: number;
  /** HTTP status; undefined if there was no response. */
  readonly status: number | undefined;
}

/** Options of {@link wsmanTransport}. */
export interface WsmanTransportOptions extends WsmanClientOptions {
  /** Resource URI of the endpoint. Default: the Windows PowerShell endpoint. */
  readonly resourceUri?: string;
  /** Milliseconds that the shell survives without requests from its client; at least 60,000. Default 600,000. */
  readonly idleTimeoutMs?: number;
  /** Timeout for closing, in milliseconds; after it the shell is left to its idle timeout. Default 10,000. */
  readonly closeTimeoutMs?: number;
}

/** Rules for the options of a WsmanClient and of its transport. */
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
