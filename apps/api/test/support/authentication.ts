import type { Authentication } from '../../src/auth/authentication.ts';
import { localAdministrator, type Principal } from '../../src/auth/principal.ts';

/** The authentication of a principal by a session named after it. */
export function sessionOf(
  principal: Principal = localAdministrator,
  credentialId = `session of ${principal.id}`,
): Authentication {
  return { principal, method: 'session', credentialId, expiresAt: null };
}
