import { isIP } from 'node:net';
import type { Parsed, Parser } from './parser.ts';
import { urlEntry, type UrlEntry } from './url-entry.ts';

/** One entry of HYPERV_HOSTS, as written; what it leaves open follows from other settings. */
export type HostEntry =
  /** The machine that the service runs on. */
  | { readonly kind: 'local' }
  | { readonly kind: 'name'; readonly name: string; readonly port: number | null }
  | UrlEntry
  /** The name of a failover cluster, written as a host's is. */
  | { readonly kind: 'cluster'; readonly at: Exclude<HostEntry, { kind: 'local' | 'cluster' }> };

/** `local:`, a name with or without a port, or the URL of a WinRM listener; the latter two may follow `cluster:`. */
export const hostEntry: Parser<HostEntry> = (value) => {
  if (value.toLowerCase() === 'local:') return { value: { kind: 'local' } };
  if (/^cluster:/i.test(value)) return clusterEntry(value);
  return value.includes('://') ? urlEntry(value) : nameEntry(value);
};

function clusterEntry(value: string): Parsed<HostEntry> {
  const parsed = hostEntry(value.slice('cluster:'.length));
  if ('problem' in parsed) return { problem: `${parsed.problem}, in "${value}"` };
  const at = parsed.value;
  if (at.kind === 'local' || at.kind === 'cluster') return { problem: `"${value}" names no cluster` };
  const name = at.kind === 'name' ? at.name : at.url.hostname;
  if (at.kind === 'url' && (at.protocol === 'winrs' || at.spn !== null)) {
    return { problem: `"${value}" cannot have winrs+ or spn=, which each node has of its own` };
  }
  // The nodes are found beside the name of their cluster; beside an address there is nothing.
  if (isIP(name.replaceAll(/[[\]]/g, '')) !== 0) {
    return { problem: `"${value}" must have the cluster's name in DNS, not an address` };
  }
  return { value: { kind: 'cluster', at } };
}

function nameEntry(value: string): Parsed<HostEntry> {
  const [, name, port] = /^(\[[0-9a-f:.]+\]|\w(?:[\w.-]*\w)?)(?::([0-9]{1,5}))?$/i.exec(value) ?? [];
  const isUsable = port === undefined || (Number(port) > 0 && Number(port) <= 65_535);
  if (name === undefined || !isUsable || !URL.canParse(`http://${name}/`)) {
    return { problem: `"${value}" is no host name, no URL of a WinRM listener and not local:` };
  }
  return { value: { kind: 'name', name, port: port === undefined ? null : Number(port) } };
}
