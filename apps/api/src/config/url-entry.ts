import { isLoopback } from './loopback.ts';
import type { Parser } from './parser.ts';

/** How the service proves to a host who it is. */
export type HostScheme = 'kerberos' | 'ntlm' | 'basic';

/** A service principal name, as Kerberos knows a host by. */
export interface ServicePrincipal {
  readonly service: string;
  readonly host: string;
}

/** The URL of a WinRM listener, and what is written behind it. */
export interface UrlEntry {
  readonly kind: 'url';
  /** With http: or https:, without a query. */
  readonly url: URL;
  /** What runs there: PowerShell Remoting, or commands with standard streams (WinRS). */
  readonly protocol: 'psrp' | 'winrs';
  readonly scheme: HostScheme | null;
  /** The name of the endpoint configuration (JEA); null is the default one of Windows PowerShell. */
  readonly configuration: string | null;
  /** SHA-256 fingerprints of the certificates that the host may show, as Node writes them; none leaves it to authorities. */
  readonly fingerprints: readonly string[];
  /** Null is made from the host's name. */
  readonly spn: ServicePrincipal | null;
}

type Check = (entry: UrlEntry) => string | undefined;

/** What may stand behind the path of a URL. */
const parameters: ReadonlySet<string> = new Set(['auth', 'configuration', 'fingerprint', 'spn']);

/** What each kind of URL cannot have. */
const checks: readonly Check[] = [
  ({ url, fingerprints }) =>
    fingerprints.length > 0 && url.protocol === 'http:' ? 'has a fingerprint, but no TLS' : undefined,
  ({ protocol, url }) =>
    protocol === 'winrs' && url.protocol === 'http:' && !isLoopback(url.hostname)
      ? 'would carry everything readably; use winrs+https://'
      : undefined,
  ({ protocol, fingerprints }) =>
    protocol === 'winrs' && fingerprints.length > 0
      ? 'has a fingerprint, which WinRS cannot check'
      : undefined,
  ({ protocol, scheme, spn }) =>
    protocol === 'winrs' && (scheme === 'kerberos' || spn !== null)
      ? 'asks for Kerberos, which WinRS has not'
      : undefined,
  ({ protocol, configuration }) =>
    protocol === 'winrs' && configuration !== null
      ? 'names an endpoint configuration, which WinRS has not'
      : undefined,
];

/** A URL with http: or https: for PowerShell Remoting, or the same behind `winrs+`. */
export const urlEntry: Parser<UrlEntry> = (value) => {
  const wrong = (what: string): { problem: string } => ({ problem: `"${value}" ${what}` });
  const isWinrs = /^winrs\+/i.test(value);
  const text = isWinrs ? value.slice('winrs+'.length) : value;
  if (!URL.canParse(text)) return wrong('is not a URL');
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    return wrong('must begin with http://, https:// or winrs+https://');
  }
  const query = url.searchParams;
  const names = [...query.keys()];
  const isTwice = [...parameters].some((name) => name !== 'fingerprint' && query.getAll(name).length > 1);
  if (url.hash !== '' || isTwice || names.some((name) => !parameters.has(name))) {
    return wrong(
      'may have auth, configuration and spn behind its path, once each, fingerprint, and nothing else',
    );
  }
  const scheme = query.get('auth');
  if (scheme !== null && !isScheme(scheme)) return wrong('must have auth=kerberos, auth=ntlm or auth=basic');
  const configuration = query.get('configuration');
  if (configuration !== null && !/^\w[\w.-]{0,127}$/.test(configuration)) {
    return wrong('does not name an endpoint configuration');
  }
  const fingerprints = query.getAll('fingerprint').map(sha256Of);
  if (fingerprints.includes(undefined))
    return wrong('has a fingerprint that is no SHA-256 in hexadecimal digits');
  const spn = query.get('spn') === null ? null : servicePrincipal(query.get('spn') ?? '');
  if (spn === undefined) return wrong('must have an spn like WSMAN/hv01.example.com');
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

/** The fingerprint as Node writes it; tools write it with colons or without. */
function sha256Of(text: string): string | undefined {
  if (!/^(?:[0-9a-f]{64}|[0-9a-f]{2}(?::[0-9a-f]{2}){31})$/i.test(text)) return undefined;
  return text.replaceAll(':', '').toUpperCase().match(/../g)?.join(':');
}

function servicePrincipal(text: string): ServicePrincipal | undefined {
  const [, service, host] = /^([a-z][\w-]{0,31})\/([a-z0-9][a-z0-9.-]{0,254})$/i.exec(text) ?? [];
  return service === undefined || host === undefined ? undefined : { service, host };
}
