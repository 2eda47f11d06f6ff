import { commandNames, commands, roles, type Job, type Permission } from '@aether-v/types';
import type { Principal } from './principal.ts';

/** Returns the permission for a job's command; `host` for an operation in a journal that has no command. */
export function permissionOfJob({ command }: Pick<Job, 'command'>): Permission {
  const known = commandNames.find((name) => name === command);
  return known === undefined ? 'host' : commands[known].permission;
}

/**
 * Returns whether a principal who may view the fleet sees the job: jobs of commands that only admins may run are
 * visible only to admins.
 */
export function canReadJob(principal: Principal, job: Pick<Job, 'command'>): boolean {
  const permission = permissionOfJob(job);
  const permissionsOfWriters: readonly Permission[] = roles.writer;
  return permissionsOfWriters.includes(permission) || principal.permissions.has(permission);
}
