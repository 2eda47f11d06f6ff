import type { EntraTenant } from '../oidc/entra-issuer.ts';
import { ClaimsError, principalIdOf } from '../oidc/principal-id.ts';
import type { Claims } from '../oidc/roles-of-claims.ts';
import { TokenError } from './token-error.ts';

/** The stable id and the name of a caller. */
export interface Identity {
  readonly id: string;
  readonly name: string;
}

/** Claims with a display name, in order of preference: of people, then of programs. None of them identifies a caller. */
const nameClaims = [
  'name',
  'preferred_username',
  'upn',
  'unique_name',
  'app_displayname',
  'client_id',
  'azp',
  'appid',
] as const;

/** Returns the identity of verified claims. @throws TokenError if a claim is missing or not of its tenant. */
export function identityOfClaims(claims: Claims, issuer: string, tenant: EntraTenant | null): Identity {
  try {
    const id = principalIdOf(claims, issuer, tenant);
    return { id, name: displayName(claims) ?? id };
  } catch (error) {
    if (error instanceof ClaimsError) throw new TokenError(error.message);
    throw error;
  }
}

function displayName(claims: Claims): string | undefined {
  return nameClaims.map((name) => printable(claims[name])).find((name) => name !== '');
}

/** Removes control and formatting characters, which could forge log lines or hide text. */
function printable(value: unknown): string {
  if (typeof value !== 'string') return '';
  return value
    .replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '')
    .trim()
    .slice(0, 128);
}
