import type { Permission, Role } from '@aether-v/types';

export const roleWords: Record<Role, string> = {
  reader: 'Reader',
  writer: 'Writer',
  admin: 'Administrator',
};

/** Completes "You are not permitted to". */
const permissionWords: Record<Permission, string> = {
  view: 'view the fleet',
  power: 'change the power state of virtual machines',
  checkpoint: 'manage checkpoints',
  edit: 'edit virtual machines',
  create: 'create virtual machines',
  delete: 'delete virtual machines',
  move: 'move virtual machines',
  organise: 'organise virtual machines',
  console: 'open the console of virtual machines',
  host: 'manage hosts',
  audit: 'read the audit log',
  diagnostics: 'read diagnostics',
  settings: 'read settings',
};

function withRole(role: Role): string {
  if (role === 'admin') return 'the role Administrator';
  return role === 'writer' ? 'the role Writer or Administrator' : 'any role';
}

export const permissionTexts = {
  unreachable: 'The service is not responding. Actions are available when the console has reconnected.',
  notPermitted: (permission: Permission, lowest: Role, own: Role | null) =>
    `You are not permitted to ${permissionWords[permission]} (permission ${permission}). This requires ${withRole(lowest)}; you have ${own === null ? 'no role' : `the role ${roleWords[own]}`}.`,
};
