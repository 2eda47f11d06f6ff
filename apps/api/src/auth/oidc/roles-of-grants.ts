import type { Role } from '@aether-v/types';
import { keptText } from './person-of-claims.ts';
import { rolesOfClaims, type RoleSettings } from './roles-of-claims.ts';

/** Returns the roles that names kept in a session give by the present settings. */
export function rolesOfGrants(settings: RoleSettings, grants: readonly string[]): Role[] {
  const kept = {
    oidcReaderPermissions: settings.oidcReaderPermissions.map(keptText),
    oidcWriterPermissions: settings.oidcWriterPermissions.map(keptText),
    oidcAdminPermissions: settings.oidcAdminPermissions.map(keptText),
  };
  return rolesOfClaims(kept, { roles: [...grants] });
}
