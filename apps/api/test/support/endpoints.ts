import { hostEndpoint, type HostEndpoint } from '../../src/config/host-endpoint.ts';
import { wsmanTarget, type RemoteTarget } from '../../src/config/host-target.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import type { HostScheme } from '../../src/config/url-entry.ts';
import type { HostCredentials } from '../../src/host-adapter/connect/authenticators.ts';
import type { ReachSettings } from '../../src/host-adapter/connect/configured-connector.ts';

/** The service is nobody on any host. */
export const noCredentials: HostCredentials = {
  winrmUsername: null,
  winrmPassword: null,
  kerberosPrincipal: null,
  kerberosKeytab: null,
  kerberosCcache: null,
  kerberosService: 'WSMAN',
};

/** How hosts are reached where nothing is configured. */
export const reachSettings: ReachSettings = defaults();

/** A host at a URL. */
export function endpointAt(
  address: string,
  scheme: HostScheme,
  configuration: string | null = null,
): HostEndpoint {
  const url = new URL(address);
  return hostEndpoint({ ...wsmanTarget(url, scheme), configuration });
}

/** A target at a URL that is asked by Basic, with something before its address. */
export function wsmanUrlTarget(prefix: string, address: string): RemoteTarget {
  const { target } = basicEndpoint(address);
  if (target.kind === 'local') throw new TypeError('no URL');
  return { ...target, address: `${prefix}${target.address}` };
}

/** A host at a URL that is asked by Basic, as simulated ones are. */
export function basicEndpoint(address: string): HostEndpoint {
  return endpointAt(address, 'basic');
}

function defaults(): ReachSettings {
  const loaded = loadConfig({});
  if ('problems' in loaded) throw new Error(loaded.problems.join(' '));
  return loaded.config;
}
