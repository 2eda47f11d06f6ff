import { decodeProtectedHeader } from 'jose';
import type { Clock } from '../../common/clock.ts';
import { ProblemError } from '../../problems/problem-error.ts';
import { groupOverage, rolesOfClaims, type Claims, type RoleSettings } from '../oidc/roles-of-claims.ts';
import type { Authentication } from '../authentication.ts';
import { permissionsOfRoles } from '../principal.ts';
import { assertAccessToken } from './access-token-claims.ts';
import type { EntraTenant } from '../oidc/entra-issuer.ts';
import { identityOfClaims } from './identity-of-claims.ts';
import type { ProviderKeys } from './provider-keys.ts';
import { TokenError } from './token-error.ts';
import type { AdditionalVerifier, TokenRules } from './token-rules.ts';
import { hashOfToken, VerifiedTokens } from './verified-tokens.ts';
import { verifyToken } from './verify-token.ts';

/** The parts of token verification. */
export interface AccessTokenOptions {
  readonly keys: Pick<ProviderKeys, 'current'>;
  readonly rules: TokenRules;
  readonly roles: RoleSettings;
  readonly clock: Clock;
  /** The tenant if the provider is Entra ID. */
  readonly tenant: EntraTenant | null;
  readonly additional: AdditionalVerifier | null;
}

/** Verifies access tokens of one identity provider, and identifies their holders. */
export class AccessTokens {
  readonly #options: AccessTokenOptions;
  readonly #verified = new VerifiedTokens();

  constructor(options: AccessTokenOptions) {
    this.#options = options;
  }

  /** @throws TokenError if the token is refused; ProblemError if it cannot be verified at the moment. */
  async authenticate(token: string): Promise<Authentication> {
    const { clock } = this.#options;
    const hash = hashOfToken(token);
    const known = this.#verified.get(hash, clock.now());
    if (known !== undefined) return known;
    const claims = await this.#verify(token);
    const authentication = this.#authenticationOf(claims, hash);
    this.#verified.add(hash, authentication, clock.now());
    return authentication;
  }

  async #verify(token: string): Promise<Claims> {
    const { keys, rules, clock, additional } = this.#options;
    const current = await keys.current(keyIdOf(token));
    if (current === null) {
      throw new ProblemError(
        'provider-unavailable',
        'The keys of the identity provider are not available, so tokens cannot be verified. Try again in a minute. If this persists, read the service log.',
      );
    }
    const { claims, type } = await verifyToken(token, current, rules, clock.now());
    assertAccessToken(claims, type);
    await additional?.assertAcceptable(token, current);
    return claims;
  }

  #authenticationOf(claims: Claims, hash: string): Authentication {
    const { rules, roles, tenant } = this.#options;
    const [issuer = ''] = rules.issuers;
    const { id, name } = identityOfClaims(claims, issuer, tenant);
    const note = groupOverage(claims);
    return {
      principal: {
        id,
        name,
        permissions: permissionsOfRoles(rolesOfClaims(roles, claims)),
        ...(note === null ? {} : { note }),
      },
      method: 'bearer',
      credentialId: `bearer:${hash}`,
      // RFC 7519, 4.1.4: seconds, possibly with a fraction.
      expiresAt: Math.floor(Number(claims['exp']) * 1000),
    };
  }
}

/** Returns the id of the key that signed a token; undefined if it has none. @throws TokenError if it is not a JWS. */
function keyIdOf(token: string): string | undefined {
  try {
    const { kid } = decodeProtectedHeader(token);
    return typeof kid === 'string' ? kid : undefined;
  } catch (error) {
    throw new TokenError('The token is not a valid signed JWT.', { cause: error });
  }
}
