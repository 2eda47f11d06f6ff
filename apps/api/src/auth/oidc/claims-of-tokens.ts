import * as client from 'openid-client';
import { groupOverage, type Claims } from './roles-of-claims.ts';

/** A response of the token endpoint. */
export type Tokens = client.TokenEndpointResponse & client.TokenEndpointResponseHelpers;

/**
 * Returns the claims of the ID token. If they contain neither roles nor groups, those of the userinfo endpoint are added:
 * some providers put them only there (OpenID Connect Core, 5.4).
 *
 * @returns Undefined if the response has no ID token, as a refresh may (OpenID Connect Core, 12.2).
 */
export async function claimsOfTokens(
  configuration: client.Configuration,
  tokens: Tokens,
): Promise<Claims | undefined> {
  const claims = tokens.claims();
  if (claims === undefined) return undefined;
  const hasGrants = claims['roles'] !== undefined || claims['groups'] !== undefined;
  const isAbsent = configuration.serverMetadata().userinfo_endpoint === undefined;
  if (hasGrants || isAbsent || groupOverage(claims) !== null) return claims;
  return { ...(await client.fetchUserInfo(configuration, tokens.access_token, claims.sub)), ...claims };
}
