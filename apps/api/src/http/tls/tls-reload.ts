import type { Cancel, Clock } from '../../common/clock.ts';
import type { TlsPaths } from '../../config/tls-paths.ts';
import { readTlsFiles, tlsFilesVersion, type TlsFiles } from './tls-files.ts';

/** The interval at which the files are checked for changes, in milliseconds. */
export const tlsCheckInterval = 10_000;

/** Dependencies of the reload. */
interface TlsReloadOptions {
  readonly paths: TlsPaths;
  readonly clock: Clock;
  readonly use: (files: TlsFiles) => void;
  readonly log: (message: string) => void;
  readonly warn: (message: string) => void;
}

/**
 * Loads changed TLS files without a restart. While they are invalid, the previous ones stay in use. Polls instead of
 * watching, because mounted secrets are replaced by symbolic links that a watch does not follow.
 *
 * @returns A function that stops the polling.
 */
export function reloadTlsFiles({ paths, clock, use, log, warn }: TlsReloadOptions): Cancel {
  let known = tlsFilesVersion(paths);
  let cancel = clock.schedule(tlsCheckInterval, check);
  function check(): void {
    cancel = clock.schedule(tlsCheckInterval, check);
    const version = tlsFilesVersion(paths);
    if (version === known) return;
    // Set in any case: files that are replaced one after the other change again.
    known = version;
    try {
      const files = readTlsFiles(paths);
      use(files);
      log(`The TLS certificate was read again (SHA-256 ${files.fingerprint}).`);
    } catch (error) {
      warn(`${error instanceof Error ? error.message : ''} The previous TLS certificate stays in use.`);
    }
  }
  return () => cancel();
}
