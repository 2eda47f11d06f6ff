import { clusterTargets, hostTargets, type PartialConfig } from './host-target.ts';

/**
 * Returns a warning that lists the hosts anyone on the network can impersonate; null if all certificates are verified.
 */
export function tlsWarning(config: PartialConfig): string | null {
  if (config.verifyTls !== false) return null;
  const what =
    'WINRM_TLS_VERIFY=false: the certificates of these hosts are not verified, so anyone on the network can impersonate them';
  const unchecked = [...hostTargets(config), ...clusterTargets(config)].filter(
    (target) =>
      target.kind !== 'local' &&
      target.url.protocol === 'https:' &&
      (target.kind === 'winrs' || target.fingerprints.length === 0),
  );
  if (unchecked.length === 0) return `${what}.`;
  return `${what}: ${unchecked.map(({ address }) => address).join(', ')}.`;
}
