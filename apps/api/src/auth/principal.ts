import { permissions, type Permission } from '@aether-v/types';

/** An authenticated caller. */
export interface Principal {
  readonly id: string;
  readonly name: string;
  readonly permissions: ReadonlySet<Permission>;
}

/** The only principal while there is no login: callers of the loopback address have all permissions. */
export const localAdministrator: Principal = {
  id: 'local-administrator',
  name: 'Local administrator',
  permissions: new Set(permissions),
};
