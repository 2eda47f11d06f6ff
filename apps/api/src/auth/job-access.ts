import { commandOfOperation, commands, roles, type Job, type Permission } from '@aether-v/types';
import type { Principal } from './principal.ts';

/** Returns the permission of the command behind a job; `host` if no command asks for its operation. */
export function permissionOfJob({ op }: Pick<Job, 'op'>): Permission {
  const command = commandOfOperation(op);
  return command === null ? 'host' : commands[command].permission;
}

/** Whether a principal who may view the fleet sees the job: what only admins may ask for, only they see. */
export function canReadJob(principal: Principal, job: Pick<Job, 'op'>): boolean {
  const permission = permissionOfJob(job);
  const permissionsOfWriters: readonly Permission[] = roles.writer;
  return permissionsOfWriters.includes(permission) || principal.permissions.has(permission);
}
