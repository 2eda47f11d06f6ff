import type { HostEntry } from './host-entry.ts';
import { isLoopback } from './loopback.ts';
import type { Config } from './settings.ts';
import type { HostScheme, ServicePrincipal, UrlEntry } from './url-entry.ts';

/** A host reached by PowerShell Remoting over WS-Management. */
export interface WsmanTarget {
  readonly kind: 'wsman';
  readonly address: string;
  readonly url: URL;
  readonly scheme: HostScheme;
  readonly configuration: string | null;
  /**
   * SHA-256 fingerprints of the only certificates to accept; if empty, certificates are verified against authorities.
   */
  readonly fingerprints: readonly string[];
  /** The Kerberos service principal name; null if it is derived from the host's name. */
  readonly spn: ServicePrincipal | null;
}

/** A host with WinRM commands (WinRS) but without PowerShell Remoting. */
export interface WinrsTarget {
  readonly kind: 'winrs';
  readonly address: string;
  readonly url: URL;
  readonly scheme: Exclude<HostScheme, 'kerberos'>;
}

/** Address and connection options of a configured host. `address` is the service's key for the host. */
export type HostTarget = { readonly kind: 'local'; readonly address: string } | WsmanTarget | WinrsTarget;

/** A host on the network. */
export type RemoteTarget = Exclude<HostTarget, { kind: 'local' }>;

/** The configuration without the settings that could not be parsed. */
export type PartialConfig = { readonly [K in keyof Config]?: Config[K] | undefined };

/** WinRM's port for HTTPS: an entry that names it means TLS. */
const httpsPort = 5986;
const defaultPort = 5985;

/** Returns the targets of all individually configured hosts, with defaults filled in from other settings. */
export function hostTargets(config: PartialConfig): readonly HostTarget[] {
  return (config.hosts ?? []).flatMap((entry) =>
    entry.kind === 'cluster' ? [] : [hostTarget(entry, config)],
  );
}

/** Returns the targets of all configured clusters: each connects to one node through the cluster's name. */
export function clusterTargets(config: PartialConfig): readonly RemoteTarget[] {
  return (config.hosts ?? []).flatMap((entry) => {
    if (entry.kind !== 'cluster') return [];
    const target = hostTarget(entry.at, config);
    return target.kind === 'local' ? [] : [{ ...target, address: `cluster:${target.address}` }];
  });
}

/** Returns whether a Kerberos identity is configured for the service. */
export function hasKerberos({ kerberosPrincipal, kerberosCcache }: PartialConfig): boolean {
  return (kerberosPrincipal ?? null) !== null || (kerberosCcache ?? null) !== null;
}

/** Returns a WS-Management target with default options. */
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
  // Listeners on this machine's loopback address, such as a simulated fleet, belong to no domain.
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
