import type { Claims } from '../oidc/roles-of-claims.ts';
import type { EntraTenant } from './entra-issuer.ts';
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

/**
 * Returns the identity of verified claims: tenant and object for Entra ID, whose `sub` differs per application; issuer
 * and subject otherwise (OpenID Connect Core, 5.7). E-mail addresses are reassigned, so they never identify anyone.
 *
 * @throws TokenError if a claim is missing or not of its tenant.
 */
export function identityOfClaims(claims: Claims, issuer: string, tenant: EntraTenant | null): Identity {
  const id = tenant === null ? `${issuer}#${subject(claims, 'sub')}` : entraId(claims, tenant);
  return { id, name: displayName(claims) ?? id };
}

function entraId(claims: Claims, { tenantId }: EntraTenant): string {
  const tid = subject(claims, 'tid').toLowerCase();
  if (tid !== tenantId) throw new TokenError('The token is from another tenant; see OIDC_ISSUER_URL.');
  return `entra:${tid}:${subject(claims, 'oid').toLowerCase()}`;
}

/** At most 255 visible ASCII characters (OpenID Connect Core, 2). */
function subject(claims: Claims, name: string): string {
  const value = claims[name];
  if (typeof value === 'string' && /^[\x21-\x7e]{1,255}$/.test(value)) return value;
  throw new TokenError(`The claim ${name} of the token is missing or unusable.`);
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
