import { permissions, roles, type Permission, type Role } from '@aether-v/types';

/** An authenticated caller. */
export interface Principal {
  /** Stable and unique: never an e-mail address or another name that may be given to someone else. */
  readonly id: string;
  readonly name: string;
  readonly permissions: ReadonlySet<Permission>;
  /** Added to refusals: the reason why permissions may be missing, in a sentence. */
  readonly note?: string;
}

/** The caller on this machine while no sign-in of people is configured. */
export const localAdministrator: Principal = {
  id: 'local-administrator',
  name: 'Local administrator',
  permissions: new Set(permissions),
};

/** Returns the permissions of a holder of these roles; roles are grants for all objects. */
export function permissionsOfRoles(held: readonly Role[]): ReadonlySet<Permission> {
  return new Set(held.flatMap((role): readonly Permission[] => roles[role]));
}
