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

/** The configuration as far as it could be read. */
export type PartialConfig = { readonly [K in keyof Config]?: Config[K] | undefined };

/** WinRM's port for HTTPS: whoever names it means TLS. */
const httpsPort = 5986;
const defaultPort = 5985;

/** Every configured host, with what its entry leaves open filled in. */
export function hostTargets(config: PartialConfig): readonly HostTarget[] {
  return (config.hosts ?? []).map((entry) => hostTarget(entry, config));
}

/** Whether there is a Kerberos identity of the service's own. */
export function hasKerberos({ kerberosPrincipal, kerberosCcache }: PartialConfig): boolean {
  return (kerberosPrincipal ?? null) !== null || (kerberosCcache ?? null) !== null;
}

function hostTarget(entry: HostEntry, config: PartialConfig): HostTarget {
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
