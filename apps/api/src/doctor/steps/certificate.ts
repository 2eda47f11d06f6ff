import type { X509Certificate } from 'node:crypto';
import { tlsProblem } from '../../host-adapter/errors/tls-meaning.ts';
import { failedBy, passed, type Finding } from './step.ts';

/** The certificate settings of a host. */
export interface TlsSettings {
  readonly caCertificates: string | null;
  readonly verifyTls: boolean;
  /**
   * SHA-256 fingerprints of the only certificates to accept; if empty, certificates are verified against authorities.
   */
  readonly fingerprints: readonly string[];
}

/** Properties of the certificate that a host presented. */
export interface CertificateFacts {
  readonly names: string;
  readonly issuer: string;
  readonly validFrom: string;
  readonly validTo: string;
  readonly fingerprint: string;
  /** Node's or OpenSSL's code for why it is not trusted; null if it is. */
  readonly refusal: string | null;
}

/** Extracts the properties of a certificate that the doctor shows. */
export function certificateFacts(certificate: X509Certificate, refusal: string | null): CertificateFacts {
  const { subjectAltName, subject, issuer, validFrom, validTo, fingerprint256 } = certificate;
  return {
    names: subjectAltName ?? subject,
    issuer: issuer.replaceAll('\n', ', '),
    validFrom: new Date(validFrom).toISOString().slice(0, 10),
    validTo: new Date(validTo).toISOString().slice(0, 10),
    fingerprint: fingerprint256,
    refusal,
  };
}

/** Judges whether the service trusts a certificate, and shows the properties needed to decide whether it should. */
export function judgeCertificate(facts: CertificateFacts, { verifyTls, fingerprints }: TlsSettings): Finding {
  const { names, issuer, validFrom, validTo, fingerprint, refusal } = facts;
  const shown = `for ${names}; issued by ${issuer}; valid from ${validFrom} to ${validTo}; SHA-256 ${fingerprint}`;
  if (fingerprints.length > 0) {
    const isPinned = fingerprints.some((pin) => sameFingerprint(pin, fingerprint));
    return isPinned ? passed(`pinned: ${shown}`) : failedBy('tls-not-pinned', `The certificate is ${shown}.`);
  }
  if (!verifyTls) return passed(`not verified (WINRM_TLS_VERIFY=false): ${shown}`);
  if (refusal === null) return passed(shown);
  const problem = tlsProblem(Object.assign(new Error(refusal), { code: refusal }));
  return failedBy(problem ?? 'tls-untrusted', `The certificate is ${shown}.`);
}

/** Compares fingerprints with or without colons, case-insensitively. */
function sameFingerprint(one: string, other: string): boolean {
  const plain = (text: string): string => text.replaceAll(':', '').toLowerCase();
  return plain(one) === plain(other);
}
