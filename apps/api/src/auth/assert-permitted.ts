import type { Permission } from '@aether-v/types';
import { ProblemError } from '../problems/problem-error.ts';
import { decide } from './decide.ts';
import type { Principal } from './principal.ts';

/** Refuses a principal without the permission. @throws ProblemError that names the permission. */
export function assertPermitted(principal: Principal, permission: Permission): void {
  if (decide(principal, permission) !== 'allowed') throw lacksPermission(principal, permission);
}

/** Returns the refusal of a principal without the permission. */
export function lacksPermission(principal: Principal, permission: Permission): ProblemError {
  const { name, note } = principal;
  const detail = `${name} lacks the permission ${permission}.`;
  return new ProblemError('forbidden', note === undefined ? detail : `${detail} ${note}`);
}
