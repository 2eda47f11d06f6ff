import { commandNames, commands, isCommandName, roles, type Job, type Permission } from '@aether-v/types';
import type { Principal } from './principal.ts';

const permissionsOfWriters: ReadonlySet<Permission> = new Set(roles.writer);

/** The permission for jobs of operations in a journal that have no command. */
const withoutCommand: Permission = 'host';

/** The permissions without which some jobs are hidden. */
const hiding = [withoutCommand, ...commandNames.map((name): Permission => commands[name].permission)].filter(
  (permission) => !permissionsOfWriters.has(permission),
);

/** Returns the permission for a job's command; `host` for an operation in a journal that has no command. */
export function permissionOfJob({ command }: Pick<Job, 'command'>): Permission {
  return isCommandName(command) ? commands[command].permission : withoutCommand;
}

/**
 * Returns whether a principal who may view the fleet sees the job: jobs of commands that only admins may run are
 * visible only to admins.
 */
export function canReadJob({ permissions }: Principal, job: Pick<Job, 'command'>): boolean {
  const permission = permissionOfJob(job);
  return permissionsOfWriters.has(permission) || permissions.has(permission);
}

/** Returns whether a principal who may view the fleet sees all jobs. */
export function canReadAllJobs({ permissions }: Principal): boolean {
  return hiding.every((permission) => permissions.has(permission));
}
