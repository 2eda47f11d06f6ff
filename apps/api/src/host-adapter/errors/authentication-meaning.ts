import { GssapiError, GssapiUnavailableError, type GssapiErrorCode } from '@aether-v/psrp/gssapi';
import type { ConnectionProblem } from './connection-problems.ts';

const problems = {
  'mechanism-missing': 'mechanism-missing',
  'no-credentials': 'no-credentials',
  'client-unknown': 'client-unknown',
  'bad-password': 'bad-password',
  'account-closed': 'account-closed',
  expired: 'credentials-expired',
  'unknown-service': 'unknown-service',
  'key-version': 'key-version',
  'clock-skew': 'clock-skew',
  'kdc-unreachable': 'kdc-unreachable',
  'encryption-type': 'encryption-type',
  'legacy-algorithms': 'legacy-algorithms',
  'channel-bindings': 'not-authentic',
  'bad-token': 'not-authentic',
  'not-authentic': 'not-authentic',
  denied: 'access-denied',
  'not-sealed': 'not-sealed',
  'bad-seal': 'not-sealed',
  failed: 'mechanism-failed',
} as const satisfies Record<GssapiErrorCode, ConnectionProblem>;

/** Returns the problem behind a Kerberos or NTLM failure, with the mechanism's message; undefined for other causes. */
export function authenticationProblem(
  cause: unknown,
): { readonly problem: ConnectionProblem; readonly detail: string } | undefined {
  if (cause instanceof GssapiUnavailableError) {
    return { problem: 'gssapi-unavailable', detail: `${cause.message}.` };
  }
  if (!(cause instanceof GssapiError)) return undefined;
  const { detail = '' } = cause;
  return { problem: problems[cause.code], detail: detail === '' ? '' : `(${detail})` };
}
