import { createHash } from 'node:crypto';
import type { SignedIn } from '../sessions/session.ts';
import { entraTenant } from './entra-issuer.ts';
import { idClaim, principalIdOf } from './principal-id.ts';
import { groupOverage, rolesOfClaims, type Claims, type RoleSettings } from './roles-of-claims.ts';

const maxNameLength = 64;
/** Longer names of roles and groups are kept as hashes, so that the session cookie stays small. */
const maxGrantBytes = 64;

/** Returns the person of verified claims. @throws ClaimsError if a claim is missing or not of the tenant. */
export function personOfClaims(settings: RoleSettings, claims: Claims, issuer: string): SignedIn {
  const subject = idClaim(claims, 'sub');
  const principalId = principalIdOf(claims, issuer, entraTenant(issuer));
  const sid = claims['sid'];
  return {
    kind: 'oidc',
    principalId,
    name: nameOf(claims) ?? subject,
    issuer,
    subject,
    providerSession: typeof sid === 'string' ? keptText(sid) : null,
    grants: grantsOf(settings, claims),
    stamp: '',
    groupsOmitted: groupOverage(claims) !== null,
  };
}

/** Returns a text as the cookie contains it: unchanged, or hashed if it is long. */
export function keptText(text: string): string {
  if (Buffer.byteLength(text) <= maxGrantBytes) return text;
  return `#${createHash('sha256').update(text).digest('base64url')}`;
}

/**
 * Returns the names that grant roles: for each role the first name in its setting that the claims contain. Other groups,
 * up to hundreds, are not needed.
 */
function grantsOf(settings: RoleSettings, claims: Claims): string[] {
  const { oidcReaderPermissions, oidcWriterPermissions, oidcAdminPermissions } = settings;
  const grants = [oidcReaderPermissions, oidcWriterPermissions, oidcAdminPermissions].flatMap((names) => {
    const held = names.find((name) => rolesOfClaims(only(name), claims).length > 0);
    return held === undefined ? [] : [keptText(held)];
  });
  return [...new Set(grants)];
}

/** Settings in which only this name gives a role. */
function only(name: string): RoleSettings {
  return { oidcReaderPermissions: [name], oidcWriterPermissions: [], oidcAdminPermissions: [] };
}

function nameOf(claims: Claims): string | undefined {
  return ['name', 'preferred_username', 'email']
    .map((claim) => printable(claims[claim]))
    .find((name) => name !== '');
}

/** Removes control and formatting characters, which could forge log lines or hide text. */
function printable(value: unknown): string {
  if (typeof value !== 'string') return '';
  const text = value.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '').trim();
  return Array.from(text).slice(0, maxNameLength).join('');
}
