import { commandNames, commands, roles, type Job, type Permission } from '@aether-v/types';
import type { Principal } from './principal.ts';

/** Returns the permission of the command behind a job; `host` for an operation in a journal that has no command. */
export function permissionOfJob({ command }: Pick<Job, 'command'>): Permission {
  const known = commandNames.find((name) => name === command);
  return known === undefined ? 'host' : commands[known].permission;
}

/** Whether a principal who may view the fleet sees the job: what only admins may ask for, only they see. */
export function canReadJob(principal: Principal, job: Pick<Job, 'command'>): boolean {
  const permission = permissionOfJob(job);
  const permissionsOfWriters: readonly Permission[] = roles.writer;
  return permissionsOfWriters.includes(permission) || principal.permissions.has(permission);
}
