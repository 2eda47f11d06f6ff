/** Bytes of a logical block. */
export const sectorSize = 2048;

/** Returns the number of sectors that hold this many bytes. */
export function sectorsFor(bytes: number): number {
  return Math.ceil(bytes / sectorSize);
}

/** The place of a file or folder in the image. */
export interface Extent {
  sector: number;
  /** In bytes. */
  size: number;
}

/** Writes a number in both byte orders (ECMA-119, 7.2.3). */
export function writeBoth16(target: Buffer, value: number, offset: number): void {
  target.writeUInt16LE(value, offset);
  target.writeUInt16BE(value, offset + 2);
}

/** Writes a number in both byte orders (ECMA-119, 7.3.3). */
export function writeBoth32(target: Buffer, value: number, offset: number): void {
  target.writeUInt32LE(value, offset);
  target.writeUInt32BE(value, offset + 4);
}

/** Returns the text in the character set of Joliet: UCS-2, big-endian. */
export function encodeUcs2(text: string): Buffer {
  return Buffer.from(text, 'utf16le').swap16();
}

// All dates are 2000-01-01 00:00 UTC: the same files give the same bytes.
const recordingDate = Buffer.from([100, 1, 1, 0, 0, 0, 0]);

/** The date of all files, in the form of volume descriptors (ECMA-119, 8.4.26.1). */
export const volumeDate = Buffer.from('2000010100000000\0', 'latin1');

/** Returns a directory record (ECMA-119, 9.1). */
export function directoryRecord(identifier: Buffer, { sector, size }: Extent, isFolder: boolean): Buffer {
  const record = Buffer.alloc(recordLength(identifier));
  record[0] = record.length;
  writeBoth32(record, sector, 2);
  writeBoth32(record, size, 10);
  recordingDate.copy(record, 18);
  record[25] = isFolder ? 2 : 0;
  writeBoth16(record, 1, 28);
  record[32] = identifier.length;
  identifier.copy(record, 33);
  return record;
}

/** Returns the length of a directory record, which is even. */
export function recordLength({ length }: Buffer): number {
  return 33 + length + (length % 2 === 0 ? 1 : 0);
}
