import type { AuditRecordQuery, AuditRecords } from '@aether-v/types';
import { AuditReader } from './audit-reader.ts';
import { decodeCursor, encodeCursor, type Cursor } from './cursor.ts';
import { linesBackwards } from './lines-backwards.ts';
import { openAuditFiles, type AuditFile } from './open-audit-files.ts';
import { clockTolerance, PageCollector } from './page-collector.ts';

/** Properties of a file reader. */
export interface FileReaderOptions {
  readonly path: string;
  /** The number of full files, named `path.1` (the newest) to `path.N`. */
  readonly keep: number;
  /** The number of bytes that one call may read; default: 4 MiB. */
  readonly maxBytes?: number;
}

const defaultMaxBytes = 4 * 1024 * 1024;

/** Reads the files of the audit log backwards, across rotations. */
export class FileReader extends AuditReader {
  readonly #options: FileReaderOptions;

  constructor(options: FileReaderOptions) {
    super();
    this.#options = options;
  }

  override keep(): void {
    // The file has it.
  }

  override async read(query: AuditRecordQuery): Promise<AuditRecords> {
    const { path, keep, maxBytes = defaultMaxBytes } = this.#options;
    const page = new PageCollector(query);
    const cursor = query.cursor === undefined ? null : decodeCursor(query.cursor);
    let bytesLeft = maxBytes;
    let next: Cursor | null = null;
    let isFound = cursor === null;
    for await (const file of openAuditFiles(path, keep)) {
      // If the file of the cursor has been removed, there is nothing older.
      if (!isFound && file.id !== cursor?.source) continue;
      const before: number = isFound ? file.size : Math.min(cursor?.before ?? 0, file.size);
      isFound = true;
      next = { source: file.id, before };
      if (page.isDone || bytesLeft <= 0) break;
      if (!isAfter(file, query.to)) {
        next.before = await readFrom(file, before, page, bytesLeft);
        bytesLeft -= before - next.before;
      } else next.before = 0;
      if (next.before > 0) break;
      next = null;
    }
    return {
      items: page.items,
      nextCursor: next === null || page.isPastEnd ? null : encodeCursor(next),
      source: 'file',
      readTo: page.readTo,
      unreadable: page.unreadable,
    };
  }
}

/** Returns whether all records of a file are later than the requested time. */
function isAfter({ beginsAt }: AuditFile, to: string | undefined): boolean {
  return to !== undefined && beginsAt !== null && Date.parse(beginsAt) > Date.parse(to) + clockTolerance;
}

/** Reads lines until the page or the number of bytes is complete. @returns The offset before which to continue. */
async function readFrom(
  { handle }: AuditFile,
  before: number,
  page: PageCollector,
  maxBytes: number,
): Promise<number> {
  for await (const { line, begin } of linesBackwards(handle, before)) {
    page.add(line);
    if (page.isDone || before - begin >= maxBytes) return begin;
  }
  return 0;
}
