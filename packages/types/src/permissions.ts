/** The permissions of principals; every route of the API requires one, or is declared public. */
export const permissions = [
  'view',
  'power',
  'checkpoint',
  'edit',
  'create',
  'delete',
  'move',
  'organise',
  'console',
  'host',
  'audit',
  'diagnostics',
  'settings',
] as const;

/** A permission. */
export type Permission = (typeof permissions)[number];
