import type { HostEntry, HostScheme } from './host-entry.ts';
import { isLoopback } from './loopback.ts';
import type { Config } from './settings.ts';

/** Where a configured host is, and how it is reached. `address` is the key under which the service knows it. */
export type HostTarget =
  | { readonly kind: 'local'; readonly address: string }
  | {
      readonly kind: 'wsman';
      readonly address: string;
      readonly url: URL;
      readonly scheme: HostScheme;
      readonly configuration: string | null;
    };

/** A host on the network. */
export type RemoteTarget = Exclude<HostTarget, { kind: 'local' }>;

/** The configuration as far as it could be read. */
export type PartialConfig = { readonly [K in keyof Config]?: Config[K] | undefined };

/** WinRM's port for HTTPS: whoever names it means TLS. */
const httpsPort = 5986;
const defaultPort = 5985;

/** Every host that is configured by itself, with what its entry leaves open filled in. */
export function hostTargets(config: PartialConfig): readonly HostTarget[] {
  return (config.hosts ?? []).flatMap((entry) =>
    entry.kind === 'cluster' ? [] : [hostTarget(entry, config)],
  );
}

/** Every configured cluster: how a node is reached at the cluster's name. */
export function clusterTargets(config: PartialConfig): readonly RemoteTarget[] {
  return (config.hosts ?? []).flatMap((entry) => {
    if (entry.kind !== 'cluster') return [];
    const target = hostTarget(entry.at, config);
    return target.kind === 'local' ? [] : [{ ...target, address: `cluster:${target.address}` }];
  });
}

/** Whether there is a Kerberos identity of the service's own. */
export function hasKerberos({ kerberosPrincipal, kerberosCcache }: PartialConfig): boolean {
  return (kerberosPrincipal ?? null) !== null || (kerberosCcache ?? null) !== null;
}

function hostTarget(entry: Exclude<HostEntry, { kind: 'cluster' }>, config: PartialConfig): HostTarget {
  if (entry.kind === 'local') return { kind: 'local', address: 'local:' };
  const usual: HostScheme = hasKerberos(config) ? 'kerberos' : 'ntlm';
  if (entry.kind === 'name') {
    const port = entry.port ?? config.winrmPort ?? defaultPort;
    const url = new URL(`${port === httpsPort ? 'https' : 'http'}://${entry.name}:${port}/wsman`);
    return { kind: 'wsman', address: url.href, url, scheme: usual, configuration: null };
  }
  const { url, configuration } = entry;
  // What listens on this machine only, such as a simulated fleet, belongs to no domain.
  const isHere = url.protocol === 'http:' && isLoopback(url.hostname) && config.winrmPassword !== null;
  const scheme = entry.scheme ?? (isHere ? 'basic' : usual);
  return { kind: 'wsman', address: url.href, url, scheme, configuration };
}
