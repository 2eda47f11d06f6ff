import { errorCodes } from '@aether-v/types';
import type { AuditEntry, AuditLog } from '../audit/audit-log.ts';
import { ProblemError } from '../problems/problem-error.ts';

/** The audit fields of a command for one object, without its outcome. */
export type AttemptEntry = Omit<AuditEntry, 'status' | 'details'>;

/**
 * Records the attempts of commands, then accepts them. If they are not accepted, each is recorded as refused.
 *
 * @throws ProblemError if the audit log does not accept the records, or what `accept` throws.
 */
export async function auditedAttempts<T>(
  audit: AuditLog,
  entries: readonly AttemptEntry[],
  accept: () => T,
): Promise<T> {
  try {
    const recorded = await Promise.allSettled(
      entries.map((entry) => audit.attempt({ ...entry, status: 'requested', details: null })),
    );
    const failed = recorded.find(({ status }) => status === 'rejected');
    if (failed !== undefined) throw (failed as PromiseRejectedResult).reason;
    return accept();
  } catch (error) {
    const details = String(error instanceof ProblemError ? errorCodes[error.code].http : 500);
    for (const entry of entries) audit.record({ ...entry, status: 'refused', details });
    throw error;
  }
}
