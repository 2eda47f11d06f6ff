// No schema here: the console imports this table without TypeBox.

/** The states of an action: requested, answered, or ended. */
export const auditStatuses = [
  'requested',
  'accepted',
  'refused',
  'succeeded',
  'failed',
  'cancelled',
  'unknown',
] as const;
/** The state of an action. */
export type AuditStatus = (typeof auditStatuses)[number];
