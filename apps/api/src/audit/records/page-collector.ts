import type { AuditRecord, AuditRecordQuery } from '@aether-v/types';
import { parseRecord } from './parse-record.ts';
import { recordFilter } from './record-filter.ts';

const defaultLimit = 100;

/** Clocks may be set back, so records of a time may follow those of a later one, by this much in milliseconds. */
export const clockTolerance = 60 * 60_000;

/** Collects the records of a page from lines that arrive newest first. */
export class PageCollector {
  readonly items: AuditRecord[] = [];
  unreadable = 0;
  readTo: string | null = null;
  /** True if all older records are before the requested time. */
  isPastEnd = false;
  readonly #limit: number;
  readonly #end: number;
  readonly #fits: (record: AuditRecord) => boolean;

  constructor(query: AuditRecordQuery) {
    this.#limit = query.limit ?? defaultLimit;
    this.#end = query.from === undefined ? -Infinity : Date.parse(query.from) - clockTolerance;
    this.#fits = recordFilter(query);
  }

  /** True if no more lines are needed. */
  get isDone(): boolean {
    return this.isPastEnd || this.items.length >= this.#limit;
  }

  add(line: Buffer | string | null): void {
    const record = parseRecord(line);
    if (record === null) {
      this.unreadable += 1;
      return;
    }
    this.readTo = record.timestamp;
    if (Date.parse(record.timestamp) < this.#end) this.isPastEnd = true;
    else if (this.#fits(record)) this.items.push(record);
  }
}
