import { scopesOf, type Claims } from '../oidc/roles-of-claims.ts';
import { TokenError } from './token-error.ts';

/** Claims of ID tokens (OpenID Connect Core, 2 and 3.3.2.11) and logout tokens (Back-Channel Logout, 2.4). */
const foreignClaims = ['nonce', 'at_hash', 'c_hash', 's_hash', 'events'] as const;

/**
 * Refuses verified claims that are not those of an access token. An ID token of the provider has a valid signature and
 * may have an accepted audience, but says only who signed in, not what its holder may do.
 *
 * @throws TokenError
 */
export function assertAccessToken(claims: Claims, tokenType: string | null): void {
  const foreign = foreignClaims.find((name) => claims[name] !== undefined);
  if (foreign !== undefined) {
    throw new TokenError(`The token contains the claim ${foreign}, so it is not an access token.`);
  }
  if (scopesOf(claims).length > 0 || isOfProgram(claims)) return;
  // RFC 9068, 2.2: access tokens of this type always name their client, but a program may get one without a scope.
  if (tokenType === 'at+jwt' && typeof claims['client_id'] === 'string') return;
  throw new TokenError('The token has neither a scope nor app roles, so it is not an access token.');
}

/** Returns whether Entra ID issued the token to a program and not for a person (`idtyp` is an optional claim). */
function isOfProgram(claims: Claims): boolean {
  if (claims['idtyp'] === 'app') return true;
  const program = claims['appid'] ?? claims['azp'];
  return Array.isArray(claims['roles']) && claims['roles'].length > 0 && typeof program === 'string';
}
