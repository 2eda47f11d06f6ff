import { permissions, type Permission } from '@aether-v/types';

/** Who asks. */
export interface Principal {
  readonly id: string;
  readonly name: string;
  readonly permissions: ReadonlySet<Permission>;
}

/** The only principal while nobody signs in: whoever reaches the loopback address may do everything. */
export const localAdministrator: Principal = {
  id: 'local-administrator',
  name: 'Local administrator',
  permissions: new Set(permissions),
};
