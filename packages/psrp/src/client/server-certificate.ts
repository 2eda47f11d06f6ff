import type { X509Certificate } from 'node:crypto';

/**
 * The certificate that a host showed, for people who have to decide about it. All of it is the host's own word, and in the
 * spelling of Node's `X509Certificate`, which escapes what could be taken for a separator.
 */
export interface ServerCertificate {
  /** For instance `CN=host01.example.net`; a line for each part. */
  readonly subject: string;
  /** Its subject alternative names, for instance `DNS:host01.example.net` or `IP Address:192.0.2.7`. */
  readonly names: readonly string[];
  /** Who vouches for it; itself, where it is self-signed. */
  readonly issuer: string;
  readonly validFrom: Date;
  readonly validTo: Date;
  /** SHA-256 of the whole certificate, as upper-case pairs with colons: what `TlsOptions.fingerprint256` takes. */
  readonly fingerprint256: string;
}

/** Why the certificate of a host is not accepted: the cause of a `WsmanError` with the code `tls`. */
export class CertificateError extends Error {
  override readonly name = 'CertificateError';
  /**
   * `ERR_TLS_CERT_FINGERPRINT` for one that is not pinned; otherwise Node's code, for instance `CERT_HAS_EXPIRED`,
   * `DEPTH_ZERO_SELF_SIGNED_CERT` or `ERR_TLS_CERT_ALTNAME_INVALID`.
   */
  readonly code: string;
  /** The certificate that was shown; undefined where there was none. */
  readonly certificate: ServerCertificate | undefined;

  /** An error of this code about this certificate. */
  constructor(code: string, certificate: ServerCertificate | undefined) {
    super(`The host's certificate is not accepted (${code})`);
    this.code = code;
    this.certificate = certificate;
  }
}

/** What is told of a certificate. */
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

/** Node has none for an empty name, whatever its types say. */
function textOf(text: string | undefined): string {
  return text ?? '';
}

/** Node joins the names with commas and quotes those that hold one (RFC 8259 strings). */
function namesIn(subjectAltName: string): readonly string[] {
  return subjectAltName.match(/(?:"(?:[^"\\]|\\.)*"|[^,"])+/g)?.map((name) => name.trim()) ?? [];
}
