import type { WsmanFault } from '../wsman/index.ts';
import { CertificateError } from './server-certificate.ts';

/** Reason why a request to a host failed. Branch on this code, never on the message text. */
export type WsmanErrorCode =
  /** No connection: the name does not resolve, there is no route, or connecting timed out. */
  | 'unreachable'
  /** No connection: nothing listens on the port. */
  | 'refused'
  /**
   * No connection: the TLS handshake failed, or the certificate was rejected (`cause` is then a `CertificateError`).
   */
  | 'tls'
  /** Refused locally: credentials would travel in clear text (Basic over plain HTTP to another machine). */
  | 'insecure'
  /** The connection broke before the response was complete. */
  | 'connection-lost'
  /** The host accepted the request and then sent no response, or stopped in the middle of it. */
  | 'timeout'
  /** The host rejects the credentials, or the account lacks permission. */
  | 'access-denied'
  /** The host does not know this path or resource URI. */
  | 'no-endpoint'
  /**
   * A quota on shells, users, operations or commands is exhausted (WinRM's MaxShellsPerUser, MaxConcurrentUsers,
   * MaxConcurrentOperationsPerUser, or the endpoint's own). The request had no effect.
   */
  | 'quota'
  /** The request exceeds the host's MaxEnvelopeSizekb and cannot be split further. It had no effect. */
  | 'too-large'
  /** Any other fault of the host, in `fault`. */
  | 'fault'
  /** The response is not WS-Management, or is too long. `status` holds the HTTP status. */
  | 'protocol'
  /** The client was closed. */
  | 'closed';

/** Details of a {@link WsmanError} in addition to its code. */
export interface WsmanErrorDetails {
  readonly cause?: unknown;
  readonly fault?: WsmanFault;
  readonly status?: number;
  readonly started?: boolean;
}

/**
 * Failed request, classified by its {@link WsmanErrorCode}. An aborted call does not produce one: it rejects with the
 * reason of its signal.
 */
export class WsmanError extends Error {
  override readonly name = 'WsmanError';
  readonly code: WsmanErrorCode;
  /** Fault of the host (codes `fault`, `quota`, `too-large`, `access-denied` and `no-endpoint`). */
  readonly fault: WsmanFault | undefined;
  /** HTTP status; undefined if there was no response. */
  readonly status: number | undefined;
  /** False if the host provably never started the request, so sending it again is safe. */
  readonly started: boolean;

  /** Creates an error. `details.started` defaults to true. */
  constructor(code: WsmanErrorCode, message: string, details: WsmanErrorDetails = {}) {
    super(message, 'cause' in details ? { cause: details.cause } : undefined);
    this.code = code;
    this.fault = details.fault;
    this.status = details.status;
    this.started = details.started ?? true;
  }
}

/**
 * Converts a host's fault to an error. Requests refused by a quota or because the shell is disconnected never started.
 */
export function faultError(fault: WsmanFault, status: number): WsmanError {
  const code = codeOfFault(fault);
  const text = (fault.detail ?? fault.reason) || 'The host refused the request without giving a reason';
  const started = code === 'fault' && fault.known !== 'shellDisconnected';
  return new WsmanError(code, `${text} (fault ${fault.code})`, { fault, status, started });
}

function codeOfFault(fault: WsmanFault): WsmanErrorCode {
  if (fault.isAccessDenied) return 'access-denied';
  if (fault.isUnknownEndpoint) return 'no-endpoint';
  if (fault.isQuota) return 'quota';
  return fault.isTooLarge ? 'too-large' : 'fault';
}

/**
 * Creates the error of a request that is too long for the host.
 *
 * @param cause the host's response.
 */
export function tooLarge(bytes: number, cause: WsmanError): WsmanError {
  const message = `The host accepts no request of ${bytes} bytes (${cause.message})`;
  const { fault, status } = cause;
  return new WsmanError('too-large', message, {
    cause,
    started: false,
    ...(fault === undefined ? {} : { fault }),
    ...(status === undefined ? {} : { status }),
  });
}

const unreachableCodes: ReadonlySet<string> = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
]);

const timeoutCodes: ReadonlySet<string> = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);

const tlsCodes =
  /^(?:ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_MISMATCH|INVALID_CA|EPROTO)/;

const malformedCodes = /^(?:HPE_|UND_ERR_RES_|UND_ERR_HEADERS_OVERFLOW)/;

/**
 * Creates the error of a host that rejects the credentials.
 *
 * @param cause the error of the authentication mechanism.
 */
export function accessDenied(
  reason = 'the host does not accept the credentials',
  cause?: unknown,
): WsmanError {
  return new WsmanError('access-denied', `Access denied: ${reason}`, {
    status: 401,
    started: false,
    ...(cause === undefined ? {} : { cause }),
  });
}

/**
 * Marks the abort reason of a request that never reached the wire as not started. Reasons of the caller are unchanged.
 */
export function unstarted(reason: unknown): unknown {
  if (!(reason instanceof WsmanError)) return reason;
  return new WsmanError(reason.code, reason.message, { cause: reason, started: false });
}

/**
 * Classifies the error of a failed exchange.
 *
 * @param connected whether a connection existed.
 * @param started whether any part of the request, authentication aside, may have been sent.
 */
export function connectionError(
  cause: unknown,
  connected: boolean,
  where: string,
  started = connected,
): WsmanError {
  const code = codeOf(cause);
  const details = { cause, started };
  if (cause instanceof CertificateError || tlsCodes.test(code))
    return new WsmanError('tls', `TLS with ${where} failed (${code})`, details);
  if (code === 'ECONNREFUSED') return new WsmanError('refused', `${where} refuses connections`, details);
  if (timeoutCodes.has(code)) return new WsmanError('timeout', `${where} did not respond in time`, details);
  if (malformedCodes.test(code)) {
    return new WsmanError('protocol', `The response of ${where} cannot be parsed (${code})`, details);
  }
  if (!connected || unreachableCodes.has(code)) {
    return new WsmanError('unreachable', `${where} cannot be reached (${code})`, details);
  }
  return new WsmanError('connection-lost', `The connection to ${where} was lost (${code})`, details);
}

/**
 * Returns the code of an error. Node tries all addresses of a name and reports an AggregateError: its first error
 * counts.
 */
function codeOf(cause: unknown): string {
  if (cause instanceof AggregateError && cause.errors.length > 0) return codeOf(cause.errors[0]);
  if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string') return cause.code;
  return 'unknown';
}
