import type { PartialConfig } from './host-target.ts';

/** Returns whether people can sign in: with OpenID Connect or a local account. */
export function signsInPeople({ authEnabled, oidcClientId, accountsFile }: PartialConfig): boolean {
  if (authEnabled === false) return false;
  return isSet(oidcClientId) || isSet(accountsFile);
}

/** Returns whether programs can identify themselves: with an access token or an API key. */
export function admitsPrograms({
  authEnabled,
  oidcApiAudience,
  apiKey,
  apiKeysFile,
}: PartialConfig): boolean {
  if (authEnabled === false) return false;
  // A file without keys admits no one.
  const hasNamedKeys = apiKeysFile !== null && apiKeysFile?.keys.length !== 0;
  return isSet(oidcApiAudience) || isSet(apiKey) || hasNamedKeys;
}

/**
 * Returns whether callers on this machine need no credentials. A reverse proxy on this machine would turn strangers into
 * such callers, so they are not admitted if proxies are configured.
 */
export function admitsLocalAdministrator(config: PartialConfig): boolean {
  const { authEnabled, trustedProxies } = config;
  return authEnabled !== true && !signsInPeople(config) && trustedProxies?.length === 0;
}

function isSet(value: unknown): boolean {
  return value !== null && value !== undefined;
}
