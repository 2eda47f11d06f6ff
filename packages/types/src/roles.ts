// No schema here: the console imports these tables without TypeBox.

const reader = ['view'] as const;

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
] as const;

const admin = [...writer, 'host', 'audit', 'diagnostics', 'settings'] as const;

/** The permissions of each role. A writer has those of a reader, and an admin those of a writer. */
export const roles = { reader, writer, admin } as const;

/** The name of a role. */
export type Role = keyof typeof roles;

/** The permissions of principals; every route of the API requires one, or is declared public. */
export const permissions = admin;

/** A permission. */
export type Permission = (typeof permissions)[number];
