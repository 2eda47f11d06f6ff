import { MediaError } from './errors.ts';
import {
  directoryRecord,
  encodeUcs2,
  sectorsFor,
  sectorSize,
  volumeDate,
  writeBoth16,
  writeBoth32,
} from './iso-fields.ts';
import { Hierarchy, rootIdentifier } from './iso-hierarchy.ts';
import { isoNaming, jolietNaming } from './iso-names.ts';
import { readTree, type FileNode, type FolderNode, type MediaFile } from './iso-tree.ts';

/** An image has at most this many bytes: it is made in memory. */
export const maxImageBytes = 64 * 2 ** 20;

// A Joliet label has 16 characters.
const maxLabelLength = 16;
const firstDescriptor = 16;
const afterDescriptors = 19;
// As genisoimage does: some readers read ahead, past the last file.
const paddingSectors = 150;

/**
 * Returns an ISO 9660 image with Joliet names (ECMA-119; Joliet specification of 1995). The same label and files give
 * the same bytes, whatever the order of the files.
 *
 * @param label One to 16 letters, digits, `_`, `-` or `.`; kept as it is.
 * @throws MediaError for a label or file that an image cannot hold, or `image-too-large`.
 */
export function createIsoImage(label: string, files: readonly MediaFile[]): Buffer {
  checkLabel(label);
  const root = readTree(files);
  let next = afterDescriptors;
  const volumes: Volume[] = [isoNaming, jolietNaming].map((naming) => {
    const names = new Hierarchy(root, naming);
    const littleEndianTable = next;
    const bigEndianTable = next + sectorsFor(names.pathTableSize);
    next = bigEndianTable + sectorsFor(names.pathTableSize);
    return { names, littleEndianTable, bigEndianTable, isJoliet: naming === jolietNaming };
  });
  for (const { names } of volumes) next = names.place(next);
  const placed = allFiles(root);
  for (const { extent } of placed) {
    // An empty file has no extent.
    extent.sector = extent.size === 0 ? 0 : next;
    next += sectorsFor(extent.size);
  }
  const sectors = next + paddingSectors;
  if (sectors * sectorSize > maxImageBytes) {
    throw new MediaError('image-too-large', `The image would have more than ${maxImageBytes} bytes.`);
  }
  const image = Buffer.alloc(sectors * sectorSize);
  for (const [index, volume] of volumes.entries()) {
    descriptor(label, volume, sectors).copy(image, (firstDescriptor + index) * sectorSize);
    volume.names.writePathTables(image, volume.littleEndianTable, volume.bigEndianTable);
    volume.names.write(image);
  }
  // The terminator of the descriptors.
  image.write('\xffCD001\x01', (afterDescriptors - 1) * sectorSize, 'latin1');
  for (const { content, extent } of placed) image.set(content, extent.sector * sectorSize);
  return image;
}

interface Volume {
  readonly names: Hierarchy;
  readonly isJoliet: boolean;
  /** Sectors of the path tables. */
  readonly littleEndianTable: number;
  readonly bigEndianTable: number;
}

function checkLabel(label: string): void {
  if (!/^[A-Za-z0-9_.-]+$/.test(label)) {
    throw new MediaError('label-invalid', 'A label has only letters, digits and _ - . characters.');
  }
  if (label.length > maxLabelLength) {
    throw new MediaError('label-too-long', `The label ${label} has more than ${maxLabelLength} characters.`);
  }
}

function allFiles({ entries }: FolderNode): FileNode[] {
  return entries.flatMap((entry) => (entry.kind === 'file' ? [entry] : allFiles(entry)));
}

/** Returns the descriptor of a volume (ECMA-119, 8.4 and 8.5). */
function descriptor(label: string, volume: Volume, sectors: number): Buffer {
  const { names, isJoliet } = volume;
  const bytes = Buffer.alloc(sectorSize);
  const writeText = (text: string, offset: number, length: number): void => {
    const encode = isJoliet ? encodeUcs2 : (value: string) => Buffer.from(value, 'latin1');
    // A field of odd length ends with a zero byte in Joliet.
    const characters = isJoliet ? Math.floor(length / 2) : length;
    encode(text.padEnd(characters)).copy(bytes, offset);
  };
  bytes[0] = isJoliet ? 2 : 1;
  bytes.write('CD001\x01', 1, 'latin1');
  writeText('', 8, 32);
  writeText(label, 40, 32);
  writeBoth32(bytes, sectors, 80);
  // UCS-2 level 3.
  if (isJoliet) bytes.write('%/E', 88, 'latin1');
  writeBoth16(bytes, 1, 120);
  writeBoth16(bytes, 1, 124);
  writeBoth16(bytes, sectorSize, 128);
  writeBoth32(bytes, names.pathTableSize, 132);
  bytes.writeUInt32LE(volume.littleEndianTable, 140);
  bytes.writeUInt32BE(volume.bigEndianTable, 148);
  directoryRecord(rootIdentifier, names.root, true).copy(bytes, 156);
  for (const offset of [190, 318, 446]) writeText('', offset, 128);
  writeText('AETHER-V', 574, 128);
  for (const offset of [702, 739, 776]) writeText('', offset, 37);
  volumeDate.copy(bytes, 813);
  volumeDate.copy(bytes, 830);
  // It never expires and is effective at once.
  for (const offset of [847, 864]) bytes.write(`${'0'.repeat(16)}\0`, offset, 'latin1');
  bytes[881] = 1;
  return bytes;
}
