import {
  createLocalJWKSet,
  errors,
  jwtVerify,
  type JSONWebKeySet,
  type JWTVerifyGetKey,
  type JWTVerifyResult,
} from 'jose';
import { TokenError } from './token-error.ts';
import { clockTolerance, type TokenRules, type VerifiedToken } from './token-rules.ts';

/** Signature algorithms with public keys (RFC 7518, 3.1; RFC 8037). Symmetric ones and `none` are never accepted. */
export const publicKeyAlgorithms = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
] as const;

/** Explanations by the error codes of jose; `ERR_JWT_CLAIM_VALIDATION_FAILED` by claim. */
const explanations: Readonly<Record<string, string>> = {
  ERR_JWT_EXPIRED: 'The token has expired.',
  ERR_JWKS_NO_MATCHING_KEY: 'The token is signed with a key that the identity provider does not publish.',
  ERR_JWKS_MULTIPLE_MATCHING_KEYS: 'The token does not name the key that signed it.',
  ERR_JWS_SIGNATURE_VERIFICATION_FAILED: 'The signature of the token is invalid.',
  ERR_JOSE_ALG_NOT_ALLOWED: 'The signature algorithm of the token is not accepted.',
};

const claimExplanations: Readonly<Record<string, string>> = {
  aud: 'The token is for another audience; see OIDC_API_AUDIENCE.',
  iss: 'The token is from another issuer; see OIDC_ISSUER_URL.',
  nbf: 'The token is not valid yet.',
};

/**
 * Verifies the signature, type, issuer, audience and times of a signed token (RFC 7519, RFC 9068, 4).
 *
 * @param now Milliseconds since 1970.
 * @throws TokenError
 */
export async function verifyToken(
  token: string,
  keys: JSONWebKeySet,
  rules: TokenRules,
  now: number,
): Promise<VerifiedToken> {
  const { payload, protectedHeader } = await verified(token, keys, rules, now);
  const type = typeOf(protectedHeader.typ);
  if (type === null || !rules.types.includes(type)) {
    throw new TokenError(
      `The header typ of the token must be ${rules.types.join(' or ')}; see OIDC_TOKEN_TYPE.`,
    );
  }
  return { claims: payload, type };
}

async function verified(
  token: string,
  keys: JSONWebKeySet,
  { issuers, audiences, algorithms }: TokenRules,
  now: number,
): Promise<JWTVerifyResult> {
  try {
    return await jwtVerify(token, resolverOf(keys), {
      issuer: [...issuers],
      audience: [...audiences],
      algorithms: [...algorithms],
      requiredClaims: ['exp', 'sub'],
      clockTolerance,
      currentDate: new Date(now),
    });
  } catch (error) {
    throw new TokenError(explain(error), { cause: error });
  }
}

/** Resolvers import each key once, so they are kept as long as their key set. */
const resolvers = new WeakMap<JSONWebKeySet, JWTVerifyGetKey>();

function resolverOf(keys: JSONWebKeySet): JWTVerifyGetKey {
  const resolver = resolvers.get(keys) ?? createLocalJWKSet(keys);
  resolvers.set(keys, resolver);
  return resolver;
}

function explain(error: unknown): string {
  if (error instanceof errors.JWTClaimValidationFailed) {
    return claimExplanations[error.claim] ?? `The claim ${error.claim} of the token is missing or unusable.`;
  }
  const code = error instanceof errors.JOSEError ? error.code : '';
  return explanations[code] ?? 'The token is not a valid signed JWT.';
}

/** Media types are case-insensitive, and `application/` may be left out (RFC 7515, 4.1.9). */
function typeOf(typ: unknown): string | null {
  return typeof typ === 'string' ? typ.toLowerCase().replace(/^application\//, '') : null;
}
