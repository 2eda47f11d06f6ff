import type { X509Certificate } from 'node:crypto';

/**
 * Certificate that a host presented, for display to an operator. All fields are unverified claims of the host, spelled
 * as in Node's `X509Certificate`, which escapes characters that could pass for separators.
 */
export interface ServerCertificate {
  /** Subject, one line per part, for example `CN=host01.example.net`. */
  readonly subject: string;
  /** Subject alternative names, for example `DNS:host01.example.net` or `IP Address:192.0.2.7`. */
  readonly names: readonly string[];
  /** Issuer; equal to the subject if the certificate is self-signed. */
  readonly issuer: string;
  readonly validFrom: Date;
  readonly validTo: Date;
  /** SHA-256 of the certificate as upper-case hexadecimal pairs with colons; valid for `TlsOptions.fingerprint256`. */
  readonly fingerprint256: string;
}

/** Rejected certificate of a host: the cause of a `WsmanError` with the code `tls`. */
export class CertificateError extends Error {
  override readonly name = 'CertificateError';
  /**
   * `ERR_TLS_CERT_FINGERPRINT` if the certificate is not pinned; otherwise Node's code, for example `CERT_HAS_EXPIRED`,
   * `DEPTH_ZERO_SELF_SIGNED_CERT` or `ERR_TLS_CERT_ALTNAME_INVALID`.
   */
  readonly code: string;
  /** The presented certificate; undefined if there was none. */
  readonly certificate: ServerCertificate | undefined;

  /** Creates an error. */
  constructor(code: string, certificate: ServerCertificate | undefined) {
    super(`The host's certificate is not accepted (${code})`);
    this.code = code;
    this.certificate = certificate;
  }
}

/** Extracts the fields of {@link ServerCertificate}. */
export function describeCertificate(certificate: X509Certificate): ServerCertificate {
  return {
    subject: textOf(certificate.subject),
    names: namesIn(textOf(certificate.subjectAltName)),
    issuer: textOf(certificate.issuer),
    validFrom: certificate.validFromDate,
    validTo: certificate.validToDate,
    fingerprint256: certificate.fingerprint256,
  };
}

/** Node returns undefined for an empty name, contrary to its types. */
function textOf(text: string | undefined): string {
  return text ?? '';
}

/**
 * Splits subject alternative names. Node joins them with commas and quotes names that contain one (RFC 8259 strings).
 */
function namesIn(subjectAltName: string): readonly string[] {
  return subjectAltName.match(/(?:"(?:[^"\\]|\\.)*"|[^,"])+/g)?.map((name) => name.trim()) ?? [];
}
