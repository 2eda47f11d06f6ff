import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { readFileTail } from './file-tail.ts';
import type { ChainPlace } from './record-line.ts';
import { reasonOf } from './sink.ts';

/** The state of an earlier chain when a chain starts. */
export interface Beginning {
  readonly previous: ChainPlace | null;
  /** The size of the file that is continued, in bytes. */
  readonly bytes: number;
  /** The reason why the earlier chain cannot be read; null if it can, or if there is none. */
  readonly problem: string | null;
}

/** The beginning of a chain that continues no other. */
export const noBeginning: Beginning = { previous: null, bytes: 0, problem: null };

/** Creates the folder if necessary, and reads the end of the newest file that has records. */
export function beginningOf(path: string): Beginning {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o750 });
    if (hasContent(path)) {
      const { previous, complete } = readFileTail(path);
      if (previous !== null) return { previous, bytes: complete, problem: null };
    }
    // A crash may separate the end of a full file from the first record of the next.
    const full = `${path}.1`;
    return hasContent(full) ? { ...noBeginning, previous: readFileTail(full).previous } : noBeginning;
  } catch (error) {
    return { ...noBeginning, problem: `The audit file before cannot be read: ${reasonOf(error)}` };
  }
}

function hasContent(path: string): boolean {
  return (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 0;
}
