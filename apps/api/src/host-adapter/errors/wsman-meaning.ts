import { WsmanError, type WsmanErrorCode } from '@aether-v/psrp/client';
import { authenticationProblem } from './authentication-meaning.ts';
import type { ConnectionProblem } from './connection-problems.ts';
import { networkProblem } from './network-meaning.ts';
import { shownCertificate, tlsProblem } from './tls-meaning.ts';

/** A problem, and what is special about this time. */
interface Found {
  readonly problem: ConnectionProblem;
  readonly detail: string;
}

/** What each failure of WS-Management means where nothing says more. */
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

/** By the numbers of winerror.h (ERROR_NOT_ENOUGH_QUOTA) and wsmerror.h: WinRM's, and those of PowerShell's endpoints (…_PPQ). */
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

/** What a failure of WS-Management means. */
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
  if (quota !== undefined) return { problem: quota, detail: `It said: ${error.message}` };
  if (isEnd(fault?.known)) return { problem: 'session-ended', detail: '' };
  // A fault or 403 says that the host knows who asks.
  const isKnown = fault !== undefined || error.status === 403;
  if (code === 'access-denied' && isKnown) return { problem: 'not-allowed', detail: '' };
  return { problem: problems[code], detail: code === 'fault' ? `It said: ${error.message}` : '' };
}

/** What a pending request is answered with when its shell or the service ends. */
function isEnd(fault: string | undefined): boolean {
  return fault === 'aborted' || fault === 'streamDisconnected' || fault === 'shellNotFound';
}

/** Whether the host has forgotten the shell, so that a session in it is over though its connections live. */
export function isShellGone(error: unknown): boolean {
  return error instanceof WsmanError && (error.fault?.isShellNotFound === true || error.status === 400);
}
