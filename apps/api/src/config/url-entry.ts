import { isLoopback } from './loopback.ts';
import type { Parser } from './parser.ts';

/** The authentication scheme of the service at a host. */
export type HostScheme = 'kerberos' | 'ntlm' | 'basic';

/** A Kerberos service principal name of a host. */
export interface ServicePrincipal {
  readonly service: string;
  readonly host: string;
}

/** A WinRM listener URL with its parsed parameters. */
export interface UrlEntry {
  readonly kind: 'url';
  /** With http: or https:, without a query. */
  readonly url: URL;
  /** PowerShell Remoting (PSRP), or commands with standard streams (WinRS). */
  readonly protocol: 'psrp' | 'winrs';
  readonly scheme: HostScheme | null;
  /** The name of the endpoint configuration (JEA); null means Windows PowerShell's default. */
  readonly configuration: string | null;
  /**
   * SHA-256 fingerprints of the certificates to accept, in Node's format; if empty, certificates are verified against
   * authorities.
   */
  readonly fingerprints: readonly string[];
  /** Null if it is derived from the host's name. */
  readonly spn: ServicePrincipal | null;
}

type Check = (entry: UrlEntry) => string | undefined;

/** The query parameters of a URL. */
const parameters: ReadonlySet<string> = new Set(['auth', 'configuration', 'fingerprint', 'spn']);

/** Rules that exclude options of one URL from each other. */
const checks: readonly Check[] = [
  ({ url, fingerprints }) =>
    fingerprints.length > 0 && url.protocol === 'http:'
      ? 'has a fingerprint but does not use TLS'
      : undefined,
  ({ protocol, url }) =>
    protocol === 'winrs' && url.protocol === 'http:' && !isLoopback(url.hostname)
      ? 'would send everything in clear text; use winrs+https://'
      : undefined,
  ({ protocol, fingerprints }) =>
    protocol === 'winrs' && fingerprints.length > 0
      ? 'has a fingerprint, which WinRS cannot verify'
      : undefined,
  ({ protocol, scheme, spn }) =>
    protocol === 'winrs' && (scheme === 'kerberos' || spn !== null)
      ? 'selects Kerberos, which WinRS does not support'
      : undefined,
  ({ protocol, configuration }) =>
    protocol === 'winrs' && configuration !== null
      ? 'names an endpoint configuration, which WinRS does not support'
      : undefined,
];

/** Parses an http: or https: URL for PowerShell Remoting, or the same after `winrs+` for WinRS. */
export const urlEntry: Parser<UrlEntry> = (value) => {
  const wrong = (what: string): { problem: string } => ({ problem: `"${value}" ${what}` });
  const isWinrs = /^winrs\+/i.test(value);
  const text = isWinrs ? value.slice('winrs+'.length) : value;
  if (!URL.canParse(text)) return wrong('is not a URL');
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    return wrong('must start with http://, https:// or winrs+https://');
  }
  const query = url.searchParams;
  const names = [...query.keys()];
  const isTwice = [...parameters].some((name) => name !== 'fingerprint' && query.getAll(name).length > 1);
  if (url.hash !== '' || isTwice || names.some((name) => !parameters.has(name))) {
    return wrong('may only have the parameters auth, configuration and spn, once each, and fingerprint');
  }
  const scheme = query.get('auth');
  if (scheme !== null && !isScheme(scheme)) return wrong('must have auth=kerberos, auth=ntlm or auth=basic');
  const configuration = query.get('configuration');
  if (configuration !== null && !/^\w[\w.-]{0,127}$/.test(configuration)) {
    return wrong('has an invalid endpoint configuration name');
  }
  const fingerprints = query.getAll('fingerprint').map(sha256Of);
  if (fingerprints.includes(undefined))
    return wrong('has a fingerprint that is not SHA-256 in hexadecimal digits');
  const spn = query.get('spn') === null ? null : servicePrincipal(query.get('spn') ?? '');
  if (spn === undefined) return wrong('must have an spn such as WSMAN/hv01.example.com');
  url.search = '';
  if (url.pathname === '/') url.pathname = '/wsman';
  const entry: UrlEntry = {
    kind: 'url',
    url,
    protocol: isWinrs ? 'winrs' : 'psrp',
    scheme,
    configuration,
    fingerprints: fingerprints.filter((fingerprint) => fingerprint !== undefined),
    spn,
  };
  const problem = checks.map((check) => check(entry)).find((found) => found !== undefined);
  return problem === undefined ? { value: entry } : wrong(problem);
};

function isScheme(text: string): text is HostScheme {
  return text === 'kerberos' || text === 'ntlm' || text === 'basic';
}

/** Converts a fingerprint, with or without colons, to Node's format. */
function sha256Of(text: string): string | undefined {
  if (!/^(?:[0-9a-f]{64}|[0-9a-f]{2}(?::[0-9a-f]{2}){31})$/i.test(text)) return undefined;
  return text.replaceAll(':', '').toUpperCase().match(/../g)?.join(':');
}

function servicePrincipal(text: string): ServicePrincipal | undefined {
  const [, service, host] = /^([a-z][\w-]{0,31})\/([a-z0-9][a-z0-9.-]{0,254})$/i.exec(text) ?? [];
  return service === undefined || host === undefined ? undefined : { service, host };
}
