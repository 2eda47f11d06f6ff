import type { WsmanFault } from '../wsman/index.ts';
import { CertificateError } from './server-certificate.ts';

/** Why a request to a host failed. Callers decide by this, never by the message's text. */
export type WsmanErrorCode =
  /** No connection: the name does not resolve, there is no route, or nothing answered in time. */
  | 'unreachable'
  /** No connection: nothing listens on the port. */
  | 'refused'
  /** No connection: the handshake failed, or the certificate is not acceptable: then `cause` is a `CertificateError`. */
  | 'tls'
  /** The credentials would travel readable: Basic over plain HTTP to another machine. */
  | 'insecure'
  /** There was a connection and it broke before the answer was complete. */
  | 'connection-lost'
  /** The host accepted the request and then said nothing, or stopped in the middle of the answer. */
  | 'timeout'
  /** The host does not accept the credentials, or the account may not do this. */
  | 'access-denied'
  /** The host has no such endpoint: the path or the resource URI is unknown there. */
  | 'no-endpoint'
  /**
   * The host has no room: a quota on shells, users, operations or commands is used up (WinRM's MaxShellsPerUser,
   * MaxConcurrentUsers, MaxConcurrentOperationsPerUser, or the endpoint's own). Nothing began.
   */
  | 'quota'
  /** The host takes no request of this size (its MaxEnvelopeSizekb), however it is cut. Nothing began. */
  | 'too-large'
  /** The host answered with any other fault; `fault` has it. */
  | 'fault'
  /** The answer is not one of WS-Management, or is too long; `status` has the HTTP status. */
  | 'protocol'
  /** The client was closed meanwhile. */
  | 'closed';

/** What is known beside the code. */
export interface WsmanErrorDetails {
  readonly cause?: unknown;
  readonly fault?: WsmanFault;
  readonly status?: number;
  readonly started?: boolean;
}

/**
 * A request that failed, by its {@link WsmanErrorCode}. A call that was aborted is not one: it rejects with the reason of
 * its signal.
 */
export class WsmanError extends Error {
  override readonly name = 'WsmanError';
  readonly code: WsmanErrorCode;
  /** The host's fault (codes `fault`, `quota`, `too-large`, `access-denied` and `no-endpoint`). */
  readonly fault: WsmanFault | undefined;
  /** The HTTP status, where there was an answer. */
  readonly status: number | undefined;
  /** False where the host provably never began with the request, so that sending it again is safe. */
  readonly started: boolean;

  /** An error of this code; `started` is taken for true unless said otherwise. */
  constructor(code: WsmanErrorCode, message: string, details: WsmanErrorDetails = {}) {
    super(message, 'cause' in details ? { cause: details.cause } : undefined);
    this.code = code;
    this.fault = details.fault;
    this.status = details.status;
    this.started = details.started ?? true;
  }
}

/** The error that a host's fault means. One that refuses for want of room, or of its client, never began. */
export function faultError(fault: WsmanFault, status: number): WsmanError {
  const code = codeOfFault(fault);
  const text = (fault.detail ?? fault.reason) || 'The host refused and did not say why';
  const started = code === 'fault' && fault.known !== 'shellDisconnected';
  return new WsmanError(code, `${text} (fault ${fault.code})`, { fault, status, started });
}

function codeOfFault(fault: WsmanFault): WsmanErrorCode {
  if (fault.isAccessDenied) return 'access-denied';
  if (fault.isUnknownEndpoint) return 'no-endpoint';
  if (fault.isQuota) return 'quota';
  return fault.isTooLarge ? 'too-large' : 'fault';
}

/** The error of a request that is too long for the host. @param cause what the host answered. */
export function tooLarge(bytes: number, cause: WsmanError): WsmanError {
  const message = `The host takes no request of ${bytes} bytes: raise its MaxEnvelopeSizekb (${cause.message})`;
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

/** The error of a host that does not accept who asks. @param cause what the mechanism knows of it. */
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

/** Why a request was given up before any of it was on the wire; reasons of the caller's own stay what they are. */
export function unstarted(reason: unknown): unknown {
  if (!(reason instanceof WsmanError)) return reason;
  return new WsmanError(reason.code, reason.message, { cause: reason, started: false });
}

/**
 * The error that a failed exchange means.
 *
 * @param connected whether there was a connection to send it on.
 * @param started whether any of the request may have gone out, beyond what authenticates.
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
  if (timeoutCodes.has(code)) return new WsmanError('timeout', `${where} did not answer in time`, details);
  if (malformedCodes.test(code)) {
    return new WsmanError('protocol', `The answer of ${where} cannot be read (${code})`, details);
  }
  if (!connected || unreachableCodes.has(code)) {
    return new WsmanError('unreachable', `${where} cannot be reached (${code})`, details);
  }
  return new WsmanError('connection-lost', `The connection to ${where} was lost (${code})`, details);
}

/** With several addresses Node tries all and reports an AggregateError; the first attempt names the cause. */
function codeOf(cause: unknown): string {
  if (cause instanceof AggregateError && cause.errors.length > 0) return codeOf(cause.errors[0]);
  if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string') return cause.code;
  return 'unknown';
}
