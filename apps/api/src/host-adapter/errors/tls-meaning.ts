import { CertificateError } from '@aether-v/psrp/client';
import type { ConnectionProblem } from './connection-problems.ts';
import { systemCode } from './network-meaning.ts';

/** TLS problems by code of Node and OpenSSL (X509_V_ERR_… without the prefix). */
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
  // Certificate errors of OpenSSL whose codes do not share the usual prefix.
  INVALID_PURPOSE: 'tls-untrusted',
  INVALID_CA: 'tls-untrusted',
  PATH_LENGTH_EXCEEDED: 'tls-untrusted',
};

/** Classifies a TLS failure by Node's error code; undefined for other failures. */
export function tlsProblem(cause: unknown): ConnectionProblem | undefined {
  const code = systemCode(cause);
  const known = problems[code];
  if (known !== undefined) return known;
  if (/^ERR_SSL_/.test(code)) return 'tls-missing';
  return /^(?:ERR_TLS_|CERT_|CRL_|UNABLE_TO_)/.test(code) ? 'tls-untrusted' : undefined;
}

/** The maximum number of names shown of a certificate, which may have thousands. */
const maxShownNames = 10;

/** Describes the presented certificate in a sentence; empty if it is unknown. */
export function shownCertificate(cause: unknown): string {
  if (!(cause instanceof CertificateError) || cause.certificate === undefined) return '';
  const { names, fingerprint256 } = cause.certificate;
  const more = names.length > maxShownNames ? ', …' : '';
  const shown = names.length === 0 ? 'no name' : names.slice(0, maxShownNames).join(', ') + more;
  return `It is issued for ${shown}; its SHA-256 fingerprint is ${fingerprint256}.`;
}
