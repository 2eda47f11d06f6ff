import { roles, type Permission, type Role } from '@aether-v/types';

const descending = ['admin', 'writer', 'reader'] as const satisfies readonly Role[];

/** Returns the highest role that the permissions include completely; null if none. */
export function highestRole(permissions: ReadonlySet<Permission>): Role | null {
  return descending.find((role) => roles[role].every((permission) => permissions.has(permission))) ?? null;
}
