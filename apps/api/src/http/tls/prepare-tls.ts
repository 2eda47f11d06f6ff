import type { Config } from '../../config/settings.ts';
import { tlsPaths } from '../../config/tls-paths.ts';
import { ensureSelfSigned, ownNames } from './self-signed.ts';
import { readTlsFiles, TlsFilesError } from './tls-files.ts';

type TlsSettings = Pick<Config, 'tlsCert' | 'tlsKey' | 'tlsSelfSigned' | 'allowedHosts'>;

/**
 * Creates the self-signed certificate if the settings ask for it, and prints the fingerprint of the certificate in use.
 *
 * @returns The reason why the certificate cannot be used; null if it can, or if the service speaks plain HTTP.
 */
export async function prepareTls(
  config: TlsSettings,
  now: number,
  print: (line: string) => void,
): Promise<string | null> {
  const paths = tlsPaths(config);
  if (paths === null) return null;
  try {
    const isNew = config.tlsSelfSigned && (await ensureSelfSigned(paths, ownNames(config.allowedHosts), now));
    const { fingerprint, expiresAt } = readTlsFiles(paths);
    if (isNew)
      print(`A self-signed certificate was created: ${paths.cert}. Browsers warn until you accept it.`);
    print(`TLS certificate, SHA-256 fingerprint: ${fingerprint}`);
    if (expiresAt <= now) print(`The TLS certificate has expired: ${paths.cert}`);
    return null;
  } catch (error) {
    if (error instanceof TlsFilesError) return error.message;
    const reason = error instanceof Error ? error.message : 'unknown reason';
    return `TLS_SELF_SIGNED: ${paths.cert} and ${paths.key} cannot be created: ${reason}.`;
  }
}
