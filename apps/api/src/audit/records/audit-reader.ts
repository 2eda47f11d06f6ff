import type { AuditRecordQuery, AuditRecords } from '@aether-v/types';

/** Reads the audit log for people. An abstract class, so that it serves as its own injection token. */
export abstract class AuditReader {
  /** Reads records that match, newest first. The work of one call is bounded; its cursor continues. */
  abstract read(query: AuditRecordQuery): Promise<AuditRecords>;
  /** Takes each line that is recorded. */
  abstract keep(line: string): void;
}
