// No schema here: the console imports this table without TypeBox.
import { permissions, type Permission } from './permissions.ts';

const reader = ['view'] as const satisfies readonly Permission[];

const writer = [
  ...reader,
  'power',
  'checkpoint',
  'edit',
  'create',
  'delete',
  'move',
  'organise',
  'console',
] as const satisfies readonly Permission[];

/** The permissions of each role. A writer has those of a reader, and an admin has all. */
export const roles = {
  reader,
  writer,
  admin: permissions,
} as const satisfies Readonly<Record<string, readonly Permission[]>>;

/** The name of a role. */
export type Role = keyof typeof roles;
