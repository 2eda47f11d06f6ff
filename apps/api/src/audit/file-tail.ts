import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { parseFields } from './record-fields.ts';
import { hashOfLine, type ChainPlace } from './record-line.ts';

/** The end of an audit file. */
export interface FileTail {
  /** The last complete line; null if the file has none. */
  readonly previous: ChainPlace | null;
  /** The length up to the end of that line, in bytes. What follows was cut by a crash: a line, or zeros. */
  readonly complete: number;
}

const lineFeed = 0x0a;
/** The length of the end that is read, in bytes: room for the last line, and for a batch of lines that a crash cut. */
const tailBytes = 1024 * 1024;

/** The first characters of each record. */
const recordBegin = '{"timestamp"';

/**
 * Reads the end of an audit file. @throws Error of the system, or if the file does not end with a line of plausible
 * length: then it is no audit file.
 */
export function readFileTail(path: string): FileTail {
  const descriptor = openSync(path, 'r');
  try {
    return tailOf(descriptor, fstatSync(descriptor).size);
  } finally {
    closeSync(descriptor);
  }
}

function tailOf(descriptor: number, size: number): FileTail {
  const bytes = Buffer.alloc(Math.min(size, tailBytes));
  const offset = size - bytes.length;
  const read = readSync(descriptor, bytes, 0, bytes.length, offset);
  const end = bytes.subarray(0, read).lastIndexOf(lineFeed);
  if (end < 0) {
    if (offset > 0 || !isCutRecord(bytes)) throw new Error('the file does not end with an audit record');
    return { previous: null, complete: 0 };
  }
  const begin = bytes.subarray(0, end).lastIndexOf(lineFeed) + 1;
  if (begin === 0 && offset > 0) throw new Error('the file does not end with an audit record');
  const line = bytes.subarray(begin, end);
  return { previous: { hash: hashOfLine(line), seq: seqOf(line) }, complete: offset + end + 1 };
}

/** Returns whether a file without a complete line may be ours: it begins as a record does, or with zeros. */
function isCutRecord(bytes: Buffer): boolean {
  const text = bytes.toString('latin1', 0, recordBegin.length);
  return recordBegin.startsWith(text) || text.startsWith('\0');
}

function seqOf(line: Uint8Array): number | null {
  const seq = parseFields(Buffer.from(line).toString())?.['seq'];
  return typeof seq === 'number' ? seq : null;
}
