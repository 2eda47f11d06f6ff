import type { Meaning } from './meaning.ts';

type Words = Omit<Meaning, 'code'>;

const selfSigned: Words = {
  says: 'The certificate of the host is self-signed, and not one of those that the service trusts.',
  remedy: 'Put that certificate (PEM) into WINRM_CA_FILE, or give the host one from your authority.',
};
const unknownAuthority: Words = {
  says: 'The certificate of the host comes from an authority that the service does not trust.',
  remedy:
    'Put the certificates of that authority (PEM) into WINRM_CA_FILE, those between it and the host too.',
};
const notTls: Words = {
  says: 'What answers at this address does not speak TLS, or no version of it that the service accepts.',
  remedy: 'Check the port: WinRM listens for HTTPS on 5986. Windows needs TLS 1.2 enabled.',
};

/** By the codes of Node and OpenSSL. */
const words: Readonly<Record<string, Words>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: selfSigned,
  SELF_SIGNED_CERT_IN_CHAIN: unknownAuthority,
  UNABLE_TO_GET_ISSUER_CERT: unknownAuthority,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: unknownAuthority,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: unknownAuthority,
  ERR_TLS_CERT_ALTNAME_INVALID: {
    says: 'The certificate of the host is for another name.',
    remedy: 'Use a name that is in the certificate, or give its WinRM listener a certificate for this name.',
  },
  CERT_HAS_EXPIRED: {
    says: 'The certificate of the host has expired.',
    remedy: 'Renew the certificate of its WinRM listener, and check the clock of this machine.',
  },
  CERT_NOT_YET_VALID: {
    says: 'The certificate of the host is not valid yet.',
    remedy: 'Check the clocks of this machine and of what issued the certificate.',
  },
  EPROTO: notTls,
  ERR_SSL_WRONG_VERSION_NUMBER: notTls,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: notTls,
};

const anyReason: Words = {
  says: 'The host has no certificate that can be trusted.',
  remedy:
    'Give its WinRM listener a certificate for this name, from an authority that this service trusts (WINRM_CA_FILE).',
};

/** What a failure of TLS means, by what Node says of it. */
export function tlsMeaning(cause: unknown): Meaning {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const { says, remedy } = words[code] ?? anyReason;
  const certificate = certificateIn(cause);
  return { code: 'host-unreachable', says: `${says}${certificate === '' ? '' : ` ${certificate}`}`, remedy };
}

/** Which certificate was shown; Node tells it only with a name that does not fit. */
function certificateIn(cause: unknown): string {
  if (!(cause instanceof Error) || !('cert' in cause)) return '';
  const { cert } = cause;
  if (typeof cert !== 'object' || cert === null || !('fingerprint256' in cert)) return '';
  const names =
    'subjectaltname' in cert && typeof cert.subjectaltname === 'string' ? cert.subjectaltname : '';
  return `It is for ${names === '' ? 'no name at all' : names}; its SHA-256 fingerprint is ${String(cert.fingerprint256)}.`;
}
