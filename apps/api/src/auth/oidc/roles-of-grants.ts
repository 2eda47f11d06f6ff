import type { Role } from '@aether-v/types';
import { keptText } from './person-of-claims.ts';
import { rolesOfClaims, type RoleSettings } from './roles-of-claims.ts';

/** Returns the roles that the names in a session grant under the current settings. */
export function rolesOfGrants(settings: RoleSettings, grants: readonly string[]): Role[] {
  const kept = {
    oidcReaderPermissions: settings.oidcReaderPermissions.map(keptText),
    oidcWriterPermissions: settings.oidcWriterPermissions.map(keptText),
    oidcAdminPermissions: settings.oidcAdminPermissions.map(keptText),
  };
  return rolesOfClaims(kept, { roles: [...grants] });
}
