import { isIP } from 'node:net';
import type { Parsed, Parser } from './parsers.ts';

/** How the service proves to a host who it is. */
export type HostScheme = 'kerberos' | 'ntlm' | 'basic';

/** One entry of HYPERV_HOSTS, as written; what it leaves open follows from other settings. */
export type HostEntry =
  /** The machine that the service runs on. */
  | { readonly kind: 'local' }
  | { readonly kind: 'name'; readonly name: string; readonly port: number | null }
  | {
      readonly kind: 'url';
      readonly url: URL;
      readonly scheme: HostScheme | null;
      /** The name of the endpoint configuration (JEA); null is the default one of Windows PowerShell. */
      readonly configuration: string | null;
    }
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

function urlEntry(value: string): Parsed<HostEntry> {
  if (!URL.canParse(value)) return { problem: `"${value}" is not a URL` };
  const url = new URL(value);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    return { problem: `"${value}" must begin with http:// or https://` };
  }
  const { auth, configuration, ...others } = Object.fromEntries(url.searchParams);
  const isTwice = [...url.searchParams.keys()].length !== new Set(url.searchParams.keys()).size;
  if (url.hash !== '' || isTwice || Object.keys(others).length > 0) {
    return {
      problem: `"${value}" may have auth and configuration behind its path, once each, and nothing else`,
    };
  }
  if (auth !== undefined && !isScheme(auth)) {
    return { problem: `"${value}" must have auth=kerberos, auth=ntlm or auth=basic` };
  }
  if (configuration !== undefined && !/^\w[\w.-]{0,127}$/.test(configuration)) {
    return { problem: `"${value}" does not name an endpoint configuration` };
  }
  url.search = '';
  if (url.pathname === '/') url.pathname = '/wsman';
  return { value: { kind: 'url', url, scheme: auth ?? null, configuration: configuration ?? null } };
}

function isScheme(text: string): text is HostScheme {
  return text === 'kerberos' || text === 'ntlm' || text === 'basic';
}
