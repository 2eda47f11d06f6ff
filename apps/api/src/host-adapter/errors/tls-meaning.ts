import { CertificateError } from '@aether-v/psrp/client';
import type { ConnectionProblem } from './connection-problems.ts';
import { systemCode } from './network-meaning.ts';

/** By the codes of Node and OpenSSL (X509_V_ERR_… without their prefix). */
const problems: Readonly<Record<string, ConnectionProblem>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'tls-self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'tls-unknown-authority',
  UNABLE_TO_GET_ISSUER_CERT: 'tls-unknown-authority',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'tls-unknown-authority',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'tls-unknown-authority',
  ERR_TLS_CERT_FINGERPRINT: 'tls-not-pinned',
  ERR_TLS_CERT_ALTNAME_INVALID: 'tls-wrong-name',
  HOSTNAME_MISMATCH: 'tls-wrong-name',
  CERT_HAS_EXPIRED: 'tls-expired',
  CERT_NOT_YET_VALID: 'tls-not-yet-valid',
  EPROTO: 'tls-missing',
  ERR_SSL_WRONG_VERSION_NUMBER: 'tls-missing',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'tls-missing',
  // What only a certificate can be blamed for, in the words of OpenSSL that do not begin like the others.
  INVALID_PURPOSE: 'tls-untrusted',
  INVALID_CA: 'tls-untrusted',
  PATH_LENGTH_EXCEEDED: 'tls-untrusted',
};

/** What a failure of TLS means, by what Node says of it; undefined where it is not TLS that failed. */
export function tlsProblem(cause: unknown): ConnectionProblem | undefined {
  const code = systemCode(cause);
  const known = problems[code];
  if (known !== undefined) return known;
  if (/^ERR_SSL_/.test(code)) return 'tls-missing';
  return /^(?:ERR_TLS_|CERT_|CRL_|UNABLE_TO_)/.test(code) ? 'tls-untrusted' : undefined;
}

/** Names of a certificate that are shown; one may have thousands. */
const maxShownNames = 10;

/** Which certificate was shown, as a sentence; empty where that is not known. */
export function shownCertificate(cause: unknown): string {
  if (!(cause instanceof CertificateError) || cause.certificate === undefined) return '';
  const { names, fingerprint256 } = cause.certificate;
  const more = names.length > maxShownNames ? ', …' : '';
  const shown = names.length === 0 ? 'no name at all' : names.slice(0, maxShownNames).join(', ') + more;
  return `It is for ${shown}; its SHA-256 fingerprint is ${fingerprint256}.`;
}
