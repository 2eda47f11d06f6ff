import type { Permission } from '@aether-v/types';
import { ProblemError } from '../problems/problem-error.ts';
import { decide } from './decide.ts';
import type { Principal } from './principal.ts';

/** Requires a permission of a principal. @throws ProblemError `forbidden` that names it. */
export function assertPermitted(principal: Principal, permission: Permission): void {
  if (decide(principal, permission) !== 'allowed') throw lacksPermission(principal, permission);
}

/** Returns the problem of a principal without a permission. */
export function lacksPermission(principal: Principal, permission: Permission): ProblemError {
  const { name, note } = principal;
  const detail = `${name} lacks the permission ${permission}.`;
  return new ProblemError('forbidden', note === undefined ? detail : `${detail} ${note}`);
}
