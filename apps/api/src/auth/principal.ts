import { permissions, roles, type Permission, type Role } from '@aether-v/types';

/** An authenticated caller. */
export interface Principal {
  /** Stable and unique: never an e-mail address or another name that can be reassigned. */
  readonly id: string;
  readonly name: string;
  readonly permissions: ReadonlySet<Permission>;
  /** A sentence that is added to refusals: a possible reason for missing permissions. */
  readonly note?: string;
}

/** The caller on this machine while people cannot sign in. */
export const localAdministrator: Principal = {
  id: 'local-administrator',
  name: 'Local administrator',
  permissions: new Set(permissions),
};

/** Returns the permissions that roles grant. They apply to all objects. */
export function permissionsOfRoles(held: readonly Role[]): ReadonlySet<Permission> {
  return new Set(held.flatMap((role): readonly Permission[] => roles[role]));
}
