import { roles, type Permission, type Role } from '@aether-v/types';
import { permissionTexts } from './permissions.text.ts';
import type { Principal } from './session-state.ts';

const rolesAscending = ['reader', 'writer', 'admin'] as const satisfies readonly Role[];

/** Returns the lowest role with a permission; the higher ones have it as well. */
export function lowestRoleWith(permission: Permission): Role {
  return (
    rolesAscending.find((role) => (roles[role] as readonly Permission[]).includes(permission)) ?? 'admin'
  );
}

/** Returns the reason why someone lacks a permission, and which role has it; null if they have it. */
export function whyNotPermitted(permission: Permission, principal: Principal | null): string | null {
  if (principal === null || principal.permissions.includes(permission)) return null;
  return permissionTexts.notPermitted(permission, lowestRoleWith(permission), principal.role);
}
