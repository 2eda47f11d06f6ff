import type { PartialConfig } from './host-target.ts';

/** The paths of a PEM certificate chain and its private key. */
export interface TlsPaths {
  readonly cert: string;
  readonly key: string;
}

/** The default paths of a self-signed certificate, relative to the working directory. */
const selfSignedPaths: TlsPaths = { cert: 'tls/cert.pem', key: 'tls/key.pem' };

/** Returns the TLS files of the settings; null if the service speaks plain HTTP. */
export function tlsPaths({ tlsCert, tlsKey, tlsSelfSigned }: PartialConfig): TlsPaths | null {
  if (typeof tlsCert === 'string' && typeof tlsKey === 'string') return { cert: tlsCert, key: tlsKey };
  return tlsSelfSigned === true ? selfSignedPaths : null;
}
