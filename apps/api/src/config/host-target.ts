import type { HostEntry } from './host-entry.ts';
import { isLoopback } from './loopback.ts';
import type { Config } from './settings.ts';
import type { HostScheme, ServicePrincipal, UrlEntry } from './url-entry.ts';

/** A host that is reached by PowerShell Remoting over WS-Management. */
export interface WsmanTarget {
  readonly kind: 'wsman';
  readonly address: string;
  readonly url: URL;
  readonly scheme: HostScheme;
  readonly configuration: string | null;
  /** SHA-256 fingerprints of the only certificates that the host may show; none leaves it to authorities. */
  readonly fingerprints: readonly string[];
  /** What Kerberos knows the host by; null is made from its name. */
  readonly spn: ServicePrincipal | null;
}

/** A host that has WinRM's commands (WinRS), but no PowerShell Remoting. */
export interface WinrsTarget {
  readonly kind: 'winrs';
  readonly address: string;
  readonly url: URL;
  readonly scheme: Exclude<HostScheme, 'kerberos'>;
}

/** Where a configured host is, and how it is reached. `address` is the key under which the service knows it. */
export type HostTarget = { readonly kind: 'local'; readonly address: string } | WsmanTarget | WinrsTarget;

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

/** A host at a URL whose entry leaves everything else open. */
export function wsmanTarget(url: URL, scheme: HostScheme): WsmanTarget {
  return { kind: 'wsman', address: url.href, url, scheme, configuration: null, fingerprints: [], spn: null };
}

function hostTarget(entry: Exclude<HostEntry, { kind: 'cluster' }>, config: PartialConfig): HostTarget {
  if (entry.kind === 'local') return { kind: 'local', address: 'local:' };
  if (entry.kind === 'url') return urlTarget(entry, config);
  const port = entry.port ?? config.winrmPort ?? defaultPort;
  const url = new URL(`${port === httpsPort ? 'https' : 'http'}://${entry.name}:${port}/wsman`);
  return wsmanTarget(url, usualScheme(config));
}

function urlTarget(
  { url, protocol, scheme, configuration, fingerprints, spn }: UrlEntry,
  config: PartialConfig,
): HostTarget {
  // What listens on this machine only, such as a simulated fleet, belongs to no domain.
  const isHere = url.protocol === 'http:' && isLoopback(url.hostname) && config.winrmPassword !== null;
  const chosen = scheme ?? (isHere ? 'basic' : usualScheme(config));
  if (protocol === 'psrp') return { ...wsmanTarget(url, chosen), configuration, fingerprints, spn };
  return {
    kind: 'winrs',
    address: `winrs+${url.href}`,
    url,
    scheme: chosen === 'kerberos' ? 'ntlm' : chosen,
  };
}

function usualScheme(config: PartialConfig): HostScheme {
  return hasKerberos(config) ? 'kerberos' : 'ntlm';
}
