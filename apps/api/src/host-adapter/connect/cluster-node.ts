import { hostEndpoint, type HostEndpoint } from '../../config/host-endpoint.ts';
import type { RemoteTarget } from '../../config/host-target.ts';

/** One label of a DNS name, as used by NetBIOS node names. */
const label = /^[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?$/i;

/**
 * Returns the endpoint of a node: that of its cluster with the first label of the host name replaced. A server that
 * answers for a cluster can thus only name hosts in the cluster's own domain, and our credentials are not sent
 * elsewhere.
 *
 * @returns Undefined if the name cannot be that of a node.
 */
export function nodeEndpoint(cluster: RemoteTarget, nodeName: string): HostEndpoint | undefined {
  const { url } = cluster;
  if (!label.test(nodeName)) return undefined;
  const [, suffix = ''] = /^[^.]+(\..*)?$/.exec(url.hostname) ?? [];
  const own = new URL(url);
  const name = `${nodeName}${suffix}`.toLowerCase();
  own.hostname = name;
  // Digits alone would be parsed as an IPv4 address (URL standard, host parsing).
  if (own.hostname !== name) return undefined;
  return { ...hostEndpoint(atNode(cluster, own)), role: 'node' };
}

function atNode(cluster: RemoteTarget, url: URL): RemoteTarget {
  if (cluster.kind === 'winrs') return { ...cluster, url, address: `winrs+${url.href}` };
  // A node has its own service principal; only the service class is the same.
  const spn = cluster.spn === null ? null : { ...cluster.spn, host: url.hostname };
  return { ...cluster, url, address: url.href, spn };
}
