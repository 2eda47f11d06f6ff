import type { RemoteTarget } from '../config/host-target.ts';
import { hostEndpoint, type HostEndpoint } from './host-endpoint.ts';

/** One label of a DNS name; NetBIOS names of nodes are that. */
const label = /^[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?$/i;

/**
 * The endpoint of a node: everything as at its cluster's name, but for the first label of the host. So whoever answers
 * for a cluster can name hosts in the cluster's own domain only, and no other one gets our credentials.
 *
 * @returns Undefined where the name cannot be one of a node.
 */
export function nodeEndpoint({ url, ...target }: RemoteTarget, nodeName: string): HostEndpoint | undefined {
  if (!label.test(nodeName)) return undefined;
  const [, suffix = ''] = /^[^.]+(\..*)?$/.exec(url.hostname) ?? [];
  const own = new URL(url);
  const name = `${nodeName}${suffix}`.toLowerCase();
  own.hostname = name;
  // Digits alone would be read as an IPv4 address (URL standard, host parsing).
  if (own.hostname !== name) return undefined;
  return { ...hostEndpoint({ ...target, url: own, address: own.href }), role: 'node' };
}
