import { WsmanError, type WsmanErrorCode } from '@aether-v/psrp/client';
import { authenticationProblem } from './authentication-meaning.ts';
import type { ConnectionProblem } from './connection-problems.ts';
import { networkProblem } from './network-meaning.ts';
import { shownCertificate, tlsProblem } from './tls-meaning.ts';

/** A problem with the details of this case. */
interface Found {
  readonly problem: ConnectionProblem;
  readonly detail: string;
}

/** Default problem of each WS-Management error code. */
const problems = {
  unreachable: 'no-route',
  refused: 'refused',
  tls: 'tls-untrusted',
  insecure: 'insecure',
  'connection-lost': 'connection-lost',
  timeout: 'timeout',
  'access-denied': 'access-denied',
  'no-endpoint': 'no-endpoint',
  quota: 'quota-operations',
  'too-large': 'envelope-size',
  fault: 'winrm-fault',
  protocol: 'protocol',
  closed: 'session-ended',
} as const satisfies Record<WsmanErrorCode, ConnectionProblem>;

/**
 * Quota faults by number, from winerror.h (ERROR_NOT_ENOUGH_QUOTA) and wsmerror.h: WinRM's, and those of PowerShell's
 * endpoints (…_PPQ).
 */
const quotas: Readonly<Record<number, ConnectionProblem>> = {
  1816: 'quota-commands',
  2150859173: 'quota-shells',
  2150859174: 'quota-operations',
  2150859179: 'quota-users',
  2150859236: 'quota-shells',
  2150859237: 'quota-users',
  2150859238: 'quota-shells',
  2150859239: 'quota-operations',
  2150859240: 'quota-operations',
  2150859241: 'quota-commands',
};

/** Classifies a WS-Management failure. */
export function wsmanProblem(error: WsmanError): Found {
  const { cause, fault, code } = error;
  const known = authenticationProblem(cause);
  if (known !== undefined) return known;
  const tls = tlsProblem(cause);
  if (tls !== undefined || code === 'tls') {
    return { problem: tls ?? 'tls-untrusted', detail: shownCertificate(cause) };
  }
  if (code === 'unreachable') return { problem: networkProblem(cause), detail: '' };
  const quota = fault === undefined ? undefined : quotas[fault.code];
  if (quota !== undefined) return { problem: quota, detail: `It reported: ${error.message}` };
  if (isEnd(fault?.known)) return { problem: 'session-ended', detail: '' };
  // A fault or status 403 means that the host has authenticated the caller.
  const isKnown = fault !== undefined || error.status === 403;
  if (code === 'access-denied' && isKnown) return { problem: 'not-allowed', detail: '' };
  return { problem: problems[code], detail: code === 'fault' ? `It reported: ${error.message}` : '' };
}

/** Returns whether a fault ends a pending request because its shell or the service ends. */
function isEnd(fault: string | undefined): boolean {
  return fault === 'aborted' || fault === 'streamDisconnected' || fault === 'shellNotFound';
}

/** Returns whether the host no longer knows the shell: the session is lost, although its connections are intact. */
export function isShellGone(error: unknown): boolean {
  return error instanceof WsmanError && (error.fault?.isShellNotFound === true || error.status === 400);
}
