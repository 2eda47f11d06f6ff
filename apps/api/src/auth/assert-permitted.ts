import type { Permission } from '@aether-v/types';
import { ProblemError } from '../problems/problem-error.ts';
import type { Principal } from './principal.ts';

/** Refuses a principal without the permission. @throws ProblemError that names the permission. */
export function assertPermitted(principal: Principal, permission: Permission): void {
  if (principal.permissions.has(permission)) return;
  throw new ProblemError('forbidden', `${principal.name} lacks the permission ${permission}.`);
}
