import { AuditLog, type AuditEntry } from '../../src/audit/audit-log.ts';

/** Keeps what was recorded. */
export class MemoryAudit extends AuditLog {
  readonly entries: AuditEntry[] = [];

  override start(): void {
    // Only requests and jobs are kept.
  }

  override attempt(entry: AuditEntry): Promise<void> {
    this.record(entry);
    return Promise.resolve();
  }

  override record(entry: AuditEntry): void {
    this.entries.push(entry);
  }

  override head(): never {
    throw new Error('There is no chain.');
  }
}
