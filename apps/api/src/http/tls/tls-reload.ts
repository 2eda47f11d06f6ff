import type { Cancel, Clock } from '../../common/clock.ts';
import type { TlsPaths } from '../../config/tls-paths.ts';
import { readTlsFiles, tlsFilesVersion, type TlsFiles } from './tls-files.ts';

/** Time between two looks at the files, in milliseconds. */
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
 * Uses changed TLS files without a restart; while they are invalid, the earlier ones stay in use. Looks at them at
 * intervals instead of watching them: mounted secrets are replaced by symbolic links that a watch does not follow.
 *
 * @returns Ends it.
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
      warn(`${error instanceof Error ? error.message : ''} The earlier TLS certificate stays in use.`);
    }
  }
  return () => cancel();
}
