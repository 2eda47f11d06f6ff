import type { EntraTenant } from './entra-issuer.ts';
import type { Claims } from './roles-of-claims.ts';

/** Claims that lack what identifies a caller. */
export class ClaimsError extends Error {
  override readonly name = 'ClaimsError';
}

/**
 * Returns the stable id of verified claims, the same for sessions and tokens: tenant and object for Entra ID, whose `sub`
 * differs per application; issuer and subject otherwise (OpenID Connect Core, 5.7). E-mail addresses are reassigned, so
 * they never identify anyone.
 *
 * @throws ClaimsError if a claim is missing or not of the tenant.
 */
export function principalIdOf(claims: Claims, issuer: string, tenant: EntraTenant | null): string {
  if (tenant === null) return `${issuer}#${idClaim(claims, 'sub')}`;
  const tid = idClaim(claims, 'tid').toLowerCase();
  if (tid !== tenant.tenantId)
    throw new ClaimsError('The token is from another tenant; see OIDC_ISSUER_URL.');
  return `entra:${tid}:${idClaim(claims, 'oid').toLowerCase()}`;
}

/** Returns a claim of at most 255 visible ASCII characters (OpenID Connect Core, 2). @throws ClaimsError */
export function idClaim(claims: Claims, name: string): string {
  const value = claims[name];
  if (typeof value === 'string' && /^[\x21-\x7e]{1,255}$/.test(value)) return value;
  throw new ClaimsError(`The claim ${name} of the token is missing or unusable.`);
}
