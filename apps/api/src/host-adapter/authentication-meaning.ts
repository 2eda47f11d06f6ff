import { GssapiError, GssapiUnavailableError, type GssapiErrorCode } from '@aether-v/psrp/gssapi';
import type { Meaning } from './meaning.ts';

/** Where nobody has judged the credentials: something is missing here, or between here and the host. */
const notJudged: ReadonlySet<GssapiErrorCode> = new Set<GssapiErrorCode>([
  'mechanism-missing',
  'legacy-algorithms',
  'kdc-unreachable',
  'channel-bindings',
  'bad-token',
  'not-authentic',
  'not-sealed',
  'bad-seal',
  'failed',
]);

/** What a failure of Kerberos or NTLM means, or undefined where the cause is none. */
export function authenticationMeaning(cause: unknown): Meaning | undefined {
  if (cause instanceof GssapiUnavailableError) {
    return { code: 'host-unreachable', says: `${cause.message}.`, remedy: cause.remedy };
  }
  if (!(cause instanceof GssapiError)) return undefined;
  const code = notJudged.has(cause.code) ? 'host-unreachable' : 'access-denied';
  return { code, says: `${cause.message}.`, remedy: cause.remedy };
}
