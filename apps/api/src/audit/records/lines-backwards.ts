import type { FileHandle } from 'node:fs/promises';
import { maxLineBytes } from '../record-line.ts';

/** A line of a file. */
export interface PlacedLine {
  /** The line without its line break; null for a part of a line that is longer than any record. */
  readonly line: Buffer | null;
  /** The offset of its first byte. */
  readonly begin: number;
}

const lineFeed = 0x0a;
const chunkBytes = 256 * 1024;

/**
 * Reads the complete lines before an offset, last first. Skips an incomplete last line: a crash cut it off, or it is still
 * being written. Yields at least once per chunk, so the caller can stop at any time.
 */
export async function* linesBackwards(handle: FileHandle, before: number): AsyncGenerator<PlacedLine> {
  const chunk = Buffer.allocUnsafe(chunkBytes);
  /** The end of the line whose beginning is in an earlier chunk; null if it is skipped. */
  let rest: Buffer | null = null;
  for (let position = before; position > 0;) {
    const begin = Math.max(0, position - chunkBytes);
    const { bytesRead } = await handle.read(chunk, 0, position - begin, begin);
    // The file was cut by another process.
    if (bytesRead < position - begin) return;
    let end = bytesRead;
    for (let at = lastLineFeed(chunk, end); at >= 0; at = lastLineFeed(chunk, end)) {
      if (rest !== null) yield { line: joined(chunk.subarray(at + 1, end), rest), begin: begin + at + 1 };
      rest = Buffer.alloc(0);
      end = at;
    }
    if (rest !== null) rest = joined(chunk.subarray(0, end), rest);
    if (rest === null) yield { line: null, begin };
    position = begin;
  }
  if (rest !== null) yield { line: rest, begin: 0 };
}

function lastLineFeed(bytes: Buffer, end: number): number {
  return end === 0 ? -1 : bytes.lastIndexOf(lineFeed, end - 1);
}

/** Returns a copy, because the chunk is reused; null if the line is too long. */
function joined(begin: Buffer, rest: Buffer): Buffer | null {
  return begin.length + rest.length > maxLineBytes ? null : Buffer.concat([begin, rest]);
}
