import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { maxLineBytes } from '../record-line.ts';
import { parseRecord } from './parse-record.ts';

/** An open audit file. */
export interface AuditFile {
  readonly handle: FileHandle;
  readonly size: number;
  /** Identifies the file by its first line, since rotation changes its name. */
  readonly id: string;
  /** The time of its first record; null if its first line is no record. */
  readonly beginsAt: string | null;
}

const lineFeed = 0x0a;

/**
 * Opens the audit files, newest first, each until the next is requested. @throws Error of the system, except for files that
 * do not exist.
 */
export async function* openAuditFiles(path: string, keep: number): AsyncGenerator<AuditFile> {
  const seen = new Set<string>();
  for (let number = 0; number <= keep; number += 1) {
    const handle = await openIfPresent(number === 0 ? path : `${path}.${number}`);
    if (handle === null) continue;
    try {
      const file = await describe(handle);
      // A rotation meanwhile renames a file that was read already to the next name.
      if (file === null || seen.has(file.id)) continue;
      seen.add(file.id);
      yield file;
    } finally {
      await handle.close();
    }
  }
}

async function openIfPresent(path: string): Promise<FileHandle | null> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

/** Returns null for a file without a complete line. */
async function describe(handle: FileHandle): Promise<AuditFile | null> {
  const { size } = await handle.stat();
  const begin = Buffer.alloc(Math.min(size, maxLineBytes));
  const { bytesRead } = await handle.read(begin, 0, begin.length, 0);
  const end = begin.subarray(0, bytesRead).indexOf(lineFeed);
  if (end < 0 && size < maxLineBytes) return null;
  const line = begin.subarray(0, end < 0 ? bytesRead : end);
  const id = createHash('sha256').update(line).digest('hex').slice(0, 16);
  return { handle, size, id, beginsAt: parseRecord(line)?.timestamp ?? null };
}
