import type { PartialConfig } from './host-target.ts';
import { isLoopback } from './loopback.ts';
import { admitsPrograms, signsInPeople } from './sign-in.ts';

/** Returns the contradictions between the settings of sign-in, binding, TLS and keys. */
export function signInProblems(config: PartialConfig): string[] {
  return [
    ...enablingProblems(config),
    ...oidcProblems(config),
    ...bindingProblems(config),
    ...tlsProblems(config),
    ...keyProblems(config),
  ];
}

function enablingProblems(config: PartialConfig): string[] {
  if (config.authEnabled !== true || signsInPeople(config) || admitsPrograms(config)) return [];
  return [
    'AUTH_ENABLED: true requires a way to sign in: OIDC_ISSUER_URL with OIDC_CLIENT_ID, ACCOUNTS_FILE, or an API key (API_KEY, API_KEYS_FILE).',
  ];
}

function oidcProblems({
  oidcIssuerUrl,
  oidcClientId,
  oidcApiAudience,
  oidcClientSecret,
}: PartialConfig): string[] {
  const problems: string[] = [];
  if (typeof oidcIssuerUrl === 'string') {
    if (oidcClientId === null && oidcApiAudience === null) {
      problems.push(
        'OIDC_ISSUER_URL: has no effect without OIDC_CLIENT_ID (sign-in of people) or OIDC_API_AUDIENCE (tokens of programs).',
      );
    }
    const { protocol, hostname, pathname } = new URL(oidcIssuerUrl);
    if (hostname.startsWith('login.') && /^\/(common|organizations|consumers)(\/|$)/.test(pathname)) {
      problems.push(
        'OIDC_ISSUER_URL: must contain the id of one Entra ID tenant, as in https://login.microsoftonline.com/TENANT-ID/v2.0.',
      );
    }
    if (protocol !== 'https:' && !isLoopback(hostname)) {
      problems.push('OIDC_ISSUER_URL: must be an https:// address, except on this machine.');
    }
  } else if (oidcIssuerUrl === null) {
    if (typeof oidcClientId === 'string') problems.push('OIDC_ISSUER_URL: required with OIDC_CLIENT_ID.');
    if (typeof oidcApiAudience === 'string')
      problems.push('OIDC_ISSUER_URL: required with OIDC_API_AUDIENCE.');
  }
  if (oidcClientId === null && oidcClientSecret !== null && oidcClientSecret !== undefined) {
    problems.push('OIDC_CLIENT_ID: required with OIDC_CLIENT_SECRET.');
  }
  return problems;
}

function bindingProblems(config: PartialConfig): string[] {
  const { bindAddress } = config;
  if (bindAddress === undefined || isLoopback(bindAddress)) return [];
  if (signsInPeople(config) || admitsPrograms(config)) return [];
  return [
    `BIND_ADDRESS: ${bindAddress} is reachable from other machines, so callers must identify themselves. Configure OpenID Connect (OIDC_ISSUER_URL), local accounts (ACCOUNTS_FILE) or an API key (API_KEY, API_KEYS_FILE), and do not set AUTH_ENABLED=false.`,
  ];
}

/** Session cookies are `Secure`, and passwords must not be sent in clear text over a network. */
function tlsProblems(config: PartialConfig): string[] {
  const { bindAddress, tlsCert, tlsKey, tlsSelfSigned, trustedProxies } = config;
  const problems: string[] = [];
  if (typeof tlsCert === 'string' && tlsKey === null) problems.push('TLS_KEY: required with TLS_CERT.');
  if (typeof tlsKey === 'string' && tlsCert === null) problems.push('TLS_CERT: required with TLS_KEY.');
  if (bindAddress === undefined || isLoopback(bindAddress) || !signsInPeople(config)) return problems;
  if (tlsCert !== null || tlsSelfSigned !== false || trustedProxies?.length !== 0) return problems;
  return [
    ...problems,
    `BIND_ADDRESS: people cannot sign in over plain HTTP at ${bindAddress}. Set TLS_CERT and TLS_KEY, or TLS_SELF_SIGNED=true, or TRUSTED_PROXIES to the address of a reverse proxy that serves HTTPS.`,
  ];
}

function keyProblems({ hmacSecret, apiKey, apiKeysFile }: PartialConfig): string[] {
  if (hmacSecret === null) {
    const signing = apiKeysFile?.keys.filter(({ signature }) => signature !== 'none') ?? [];
    if (signing.length === 0) return [];
    const names = [...new Set(signing.map(({ name }) => name))].join(', ');
    return [`HMAC_SECRET: required by keys in API_KEYS_FILE that sign their requests: ${names}.`];
  }
  if (hmacSecret === undefined || apiKey !== null || apiKeysFile !== null) return [];
  return ['HMAC_SECRET: has no effect without API_KEY or API_KEYS_FILE.'];
}
