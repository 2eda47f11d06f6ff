import type { Role } from '@aether-v/types';

/** Claims of a token, as decoded JSON. */
export type Claims = Readonly<Record<string, unknown>>;

/** The names that grant a role: scopes, app roles or groups of the provider. */
export interface RoleSettings {
  readonly oidcReaderPermissions: readonly string[];
  readonly oidcWriterPermissions: readonly string[];
  readonly oidcAdminPermissions: readonly string[];
}

const settingOfRole = {
  reader: 'oidcReaderPermissions',
  writer: 'oidcWriterPermissions',
  admin: 'oidcAdminPermissions',
} as const satisfies Record<Role, keyof RoleSettings>;

const rolesInOrder = Object.keys(settingOfRole) as Role[];

/**
 * Returns the roles that claims grant: scopes (`scope` of RFC 9068, 2.2.3; `scp` of Entra ID and Okta), app roles
 * (`roles`) and groups (`groups`). Names are compared exactly, including their case.
 */
export function rolesOfClaims(settings: RoleSettings, claims: Claims): Role[] {
  const granted = new Set([
    ...scopesOf(claims),
    ...textsOf(claims['roles']),
    // Group names may contain spaces, so they are never split.
    ...textsOf(claims['groups']),
  ]);
  return rolesInOrder.filter((role) => settings[settingOfRole[role]].some((name) => granted.has(name)));
}

/** Returns the scopes of claims: `scp` and `scope`, each a list or separated by spaces (RFC 6749, 3.3). */
export function scopesOf(claims: Claims): string[] {
  return [claims['scp'], claims['scope']]
    .flatMap(textsOf)
    .flatMap((text) => text.split(' '))
    .filter((scope) => scope !== '');
}

/**
 * Returns an explanation if the provider omitted the groups because there are too many ("group overage" of Entra ID:
 * more than 200); null otherwise. Aether-V does not query the directory for them.
 */
export function groupOverage(claims: Claims): string | null {
  if (claims['groups'] !== undefined || !isOverage(claims)) return null;
  return (
    'The identity provider omitted the groups because there are too many (group overage), so no role comes from a group. ' +
    'Grant app roles instead, or limit the groups in the token to those assigned to the application.'
  );
}

function isOverage(claims: Claims): boolean {
  const names = claims['_claim_names'];
  const namesGroups = typeof names === 'object' && names !== null && 'groups' in names;
  return namesGroups || claims['hasgroups'] === true || claims['hasgroups'] === 'true';
}

function textsOf(claim: unknown): string[] {
  const values: unknown[] = Array.isArray(claim) ? claim : [claim];
  return values.filter((value) => typeof value === 'string');
}
