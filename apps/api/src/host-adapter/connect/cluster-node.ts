import { hostEndpoint, type HostEndpoint } from '../../config/host-endpoint.ts';
import type { RemoteTarget } from '../../config/host-target.ts';

/** One label of a DNS name; NetBIOS names of nodes are that. */
const label = /^[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?$/i;

/**
 * The endpoint of a node: everything as at its cluster's name, but for the first label of the host. So whoever answers
 * for a cluster can name hosts in the cluster's own domain only, and no other one gets our credentials.
 *
 * @returns Undefined where the name cannot be one of a node.
 */
export function nodeEndpoint(cluster: RemoteTarget, nodeName: string): HostEndpoint | undefined {
  const { url } = cluster;
  if (!label.test(nodeName)) return undefined;
  const [, suffix = ''] = /^[^.]+(\..*)?$/.exec(url.hostname) ?? [];
  const own = new URL(url);
  const name = `${nodeName}${suffix}`.toLowerCase();
  own.hostname = name;
  // Digits alone would be read as an IPv4 address (URL standard, host parsing).
  if (own.hostname !== name) return undefined;
  return { ...hostEndpoint(atNode(cluster, own)), role: 'node' };
}

function atNode(cluster: RemoteTarget, url: URL): RemoteTarget {
  if (cluster.kind === 'winrs') return { ...cluster, url, address: `winrs+${url.href}` };
  // Kerberos knows a node by its own name; only the class of the service is the same.
  const spn = cluster.spn === null ? null : { ...cluster.spn, host: url.hostname };
  return { ...cluster, url, address: url.href, spn };
}
