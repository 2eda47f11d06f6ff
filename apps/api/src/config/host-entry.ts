import { isIP } from 'node:net';
import type { Parsed, Parser } from './parser.ts';
import { urlEntry, type UrlEntry } from './url-entry.ts';

/** One parsed entry of HYPERV_HOSTS, before other settings fill in its defaults. */
export type HostEntry =
  /** The machine that the service runs on. */
  | { readonly kind: 'local' }
  | { readonly kind: 'name'; readonly name: string; readonly port: number | null }
  | UrlEntry
  /** The name of a failover cluster, written as a host's is. */
  | { readonly kind: 'cluster'; readonly at: Exclude<HostEntry, { kind: 'local' | 'cluster' }> };

/**
 * Parses `local:`, a name with optional port, or the URL of a WinRM listener; `cluster:` may precede the latter two.
 */
export const hostEntry: Parser<HostEntry> = (value) => {
  if (value.toLowerCase() === 'local:') return { value: { kind: 'local' } };
  if (/^cluster:/i.test(value)) return clusterEntry(value);
  return value.includes('://') ? urlEntry(value) : nameEntry(value);
};

function clusterEntry(value: string): Parsed<HostEntry> {
  const parsed = hostEntry(value.slice('cluster:'.length));
  if ('problem' in parsed) return { problem: `${parsed.problem}, in "${value}"` };
  const at = parsed.value;
  if (at.kind === 'local' || at.kind === 'cluster') return { problem: `"${value}" does not name a cluster` };
  const name = at.kind === 'name' ? at.name : at.url.hostname;
  if (at.kind === 'url' && (at.protocol === 'winrs' || at.spn !== null)) {
    return { problem: `"${value}" cannot have winrs+ or spn=, because each node has its own` };
  }
  // Nodes are looked up in the cluster name's DNS domain, which an address does not have.
  if (isIP(name.replaceAll(/[[\]]/g, '')) !== 0) {
    return { problem: `"${value}" must use the cluster's DNS name, not an IP address` };
  }
  return { value: { kind: 'cluster', at } };
}

function nameEntry(value: string): Parsed<HostEntry> {
  const [, name, port] = /^(\[[0-9a-f:.]+\]|\w(?:[\w.-]*\w)?)(?::([0-9]{1,5}))?$/i.exec(value) ?? [];
  const isUsable = port === undefined || (Number(port) > 0 && Number(port) <= 65_535);
  if (name === undefined || !isUsable || !URL.canParse(`http://${name}/`)) {
    return { problem: `"${value}" is not a host name, a WinRM listener URL or local:` };
  }
  return { value: { kind: 'name', name, port: port === undefined ? null : Number(port) } };
}
