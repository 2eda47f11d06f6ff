import type { X509Certificate } from 'node:crypto';
import { tlsProblem } from '../../host-adapter/errors/tls-meaning.ts';
import { failedBy, passed, type Finding } from './step.ts';

/** What of the configuration decides on certificates. */
export interface TlsSettings {
  readonly caCertificates: string | null;
  readonly verifyTls: boolean;
  /** Of the only certificates that the host may show; none leaves it to authorities. */
  readonly fingerprints: readonly string[];
}

/** What a host showed. */
export interface CertificateFacts {
  readonly names: string;
  readonly issuer: string;
  readonly validFrom: string;
  readonly validTo: string;
  readonly fingerprint: string;
  /** The code of Node or OpenSSL for which it is not trusted, or null where it is. */
  readonly refusal: string | null;
}

/** What there is to say of a certificate. */
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

/** Whether the service trusts it, and everything that helps to decide whether it should. */
export function judgeCertificate(facts: CertificateFacts, { verifyTls, fingerprints }: TlsSettings): Finding {
  const { names, issuer, validFrom, validTo, fingerprint, refusal } = facts;
  const shown = `for ${names}; from ${issuer}; valid ${validFrom} to ${validTo}; SHA-256 ${fingerprint}`;
  if (fingerprints.length > 0) {
    const isPinned = fingerprints.some((pin) => sameFingerprint(pin, fingerprint));
    return isPinned ? passed(`pinned: ${shown}`) : failedBy('tls-not-pinned', `It is ${shown}.`);
  }
  if (!verifyTls) return passed(`not checked (WINRM_TLS_VERIFY=false): ${shown}`);
  if (refusal === null) return passed(shown);
  const problem = tlsProblem(Object.assign(new Error(refusal), { code: refusal }));
  return failedBy(problem ?? 'tls-untrusted', `It is ${shown}.`);
}

/** With or without colons, in any case. */
function sameFingerprint(one: string, other: string): boolean {
  const plain = (text: string): string => text.replaceAll(':', '').toLowerCase();
  return plain(one) === plain(other);
}
