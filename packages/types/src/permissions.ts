/** What a principal may do; every route of the API names one, or states that it is public. */
export const permissions = [
  'fleet.read',
  'vm.power',
  'vm.delete',
  'job.read',
  'job.cancel',
  'system.read',
] as const;

/** A permission. */
export type Permission = (typeof permissions)[number];
