import { X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import type { TlsPaths } from '../../config/tls-paths.ts';

/** A certificate chain and its key, in PEM. */
export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
  /** The SHA-256 fingerprint of the certificate, with colons. */
  readonly fingerprint: string;
  /** The time at which the certificate expires, in milliseconds since 1970. */
  readonly expiresAt: number;
}

/** TLS options of the server: RFC 8996 deprecates everything before 1.2. */
export const tlsOptions = { minVersion: 'TLSv1.2' } as const;

/** The TLS files cannot be used; the message names the setting. */
export class TlsFilesError extends Error {
  override readonly name = 'TlsFilesError';
}

/** Reads a certificate and its key. @throws TlsFilesError with the reason; the message never contains the key. */
export function readTlsFiles(paths: TlsPaths): TlsFiles {
  const cert = readPem('TLS_CERT', paths.cert);
  const key = readPem('TLS_KEY', paths.key);
  const certificate = parseCertificate(cert, paths.cert);
  try {
    createSecureContext({ ...tlsOptions, cert, key });
  } catch (error) {
    throw new TlsFilesError(
      `TLS_KEY: ${paths.key} cannot be used with the certificate ${paths.cert}: ${reasonOf(error)}`,
      {
        cause: error,
      },
    );
  }
  return { cert, key, fingerprint: certificate.fingerprint256, expiresAt: certificate.validToDate.getTime() };
}

/** Returns a text that differs after each change of the files. */
export function tlsFilesVersion({ cert, key }: TlsPaths): string {
  return [cert, key]
    .map((path) => statSync(path, { throwIfNoEntry: false }))
    .map((found) => (found === undefined ? 'missing' : `${found.ino}-${found.size}-${found.mtimeMs}`))
    .join(' ');
}

function readPem(variable: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new TlsFilesError(`${variable}: ${path} cannot be read: ${reasonOf(error)}`, { cause: error });
  }
}

function parseCertificate(pem: string, path: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (error) {
    throw new TlsFilesError(`TLS_CERT: ${path} contains no PEM certificate: ${reasonOf(error)}`, {
      cause: error,
    });
  }
}

function reasonOf(error: unknown): string {
  return `${error instanceof Error ? error.message : 'unknown reason'}.`;
}
