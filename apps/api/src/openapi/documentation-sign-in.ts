import type { Config } from '../config/settings.ts';

/** The sign-in with the identity provider that Swagger UI offers (Authorize). */
export interface DocumentationSignIn {
  readonly discoveryUrl: string;
  readonly clientId: string;
  /** The audience of the tokens. */
  readonly resource: string;
  /** The scopes that are selected at first. */
  readonly scopes: readonly string[];
}

/**
 * Returns the sign-in of the documentation; null if it is not configured. A browser keeps no secret, so its client must be
 * one without: OIDC_DOCS_CLIENT_ID, or the client of the console if that has none.
 */
export function documentationSignIn(config: Config): DocumentationSignIn | null {
  const { authEnabled, oidcIssuerUrl, oidcApiAudience, oidcClientId, oidcClientSecret } = config;
  const clientId = config.oidcDocsClientId ?? (oidcClientSecret === null ? oidcClientId : null);
  if (authEnabled === false || oidcIssuerUrl === null || oidcApiAudience === null || clientId === null)
    return null;
  return {
    discoveryUrl: `${oidcIssuerUrl.replace(/\/$/, '')}/.well-known/openid-configuration`,
    clientId,
    resource: oidcApiAudience,
    scopes: config.oidcReaderPermissions,
  };
}
