import { clusterTargets, hostTargets, type PartialConfig } from './host-target.ts';

/** Which hosts anyone on the network can pass for, as a warning; null where certificates are checked. */
export function tlsWarning(config: PartialConfig): string | null {
  if (config.verifyTls !== false) return null;
  const what = 'WINRM_TLS_VERIFY=false: whoever answers over https:// is taken for the host';
  const unchecked = [...hostTargets(config), ...clusterTargets(config)].filter(
    (target) =>
      target.kind !== 'local' &&
      target.url.protocol === 'https:' &&
      (target.kind === 'winrs' || target.fingerprints.length === 0),
  );
  if (unchecked.length === 0) return `${what}.`;
  return `${what}: ${unchecked.map(({ address }) => address).join(', ')}.`;
}
