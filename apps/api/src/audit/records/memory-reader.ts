import { randomBytes } from 'node:crypto';
import type { AuditRecordQuery, AuditRecords } from '@aether-v/types';
import { AuditReader } from './audit-reader.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { PageCollector } from './page-collector.ts';

/** The maximum number of kept lines, and of their characters. */
const maxLines = 2000;
const maxCharacters = 4 * 1024 * 1024;

/** Keeps the newest lines of the audit log in memory, for services without a folder for files. */
export class MemoryReader extends AuditReader {
  /** Distinguishes cursors of earlier starts of the service. */
  readonly #source = randomBytes(8).toString('hex');
  readonly #lines: string[] = [];
  #characters = 0;
  /** The number of the first kept line. */
  #first = 0;

  override keep(line: string): void {
    this.#lines.push(line);
    this.#characters += line.length;
    while (this.#lines.length > maxLines || this.#characters > maxCharacters) {
      this.#characters -= this.#lines.shift()?.length ?? 0;
      this.#first += 1;
    }
  }

  override read(query: AuditRecordQuery): Promise<AuditRecords> {
    const cursor = query.cursor === undefined ? null : decodeCursor(query.cursor);
    const isStale = cursor !== null && cursor.source !== this.#source;
    const page = new PageCollector(query);
    let next = Math.min(cursor?.before ?? Infinity, this.#first + this.#lines.length);
    // Records of an earlier start are gone.
    if (isStale) next = this.#first;
    for (; next > this.#first && !page.isDone; next -= 1) {
      page.add(this.#lines[next - 1 - this.#first] ?? null);
    }
    const hasMore = next > this.#first && !page.isPastEnd;
    return Promise.resolve({
      items: page.items,
      nextCursor: hasMore ? encodeCursor({ source: this.#source, before: next }) : null,
      source: 'memory',
      readTo: page.readTo,
      unreadable: page.unreadable,
    });
  }
}
