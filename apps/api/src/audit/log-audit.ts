import { Injectable, Logger } from '@nestjs/common';
import { AuditLog, type AuditEntry } from './audit-log.ts';

/** Writes each entry as one line of JSON to the service's log. */
@Injectable()
export class LogAudit extends AuditLog {
  readonly #log = new Logger('Audit');

  override record(entry: AuditEntry): void {
    this.#log.log(JSON.stringify(entry));
  }
}
