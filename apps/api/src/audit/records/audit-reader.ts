import type { AuditRecordQuery, AuditRecords } from '@aether-v/types';

/** Reads audit records for the API. An abstract class, so that it serves as its own injection token. */
export abstract class AuditReader {
  /** Reads matching records, newest first. The work of one call is bounded; its cursor continues. */
  abstract read(query: AuditRecordQuery): Promise<AuditRecords>;
  /** Called with each line that is recorded. */
  abstract keep(line: string): void;
}
