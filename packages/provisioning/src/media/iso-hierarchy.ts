import { directoryRecord, recordLength, sectorSize, sectorsFor, type Extent } from './iso-fields.ts';
import type { Naming } from './iso-names.ts';
import type { FileNode, FolderNode } from './iso-tree.ts';

/** The folders of an image under one kind of names, with their path table. */
export class Hierarchy {
  /** In the order of the path table: by level, then by parent, then by name (ECMA-119, 6.9.1). */
  readonly #directories: Directory[];

  constructor(root: FolderNode, naming: Naming) {
    const top: Directory = { identifier: rootIdentifier, parent: 0, entries: [], extent: noExtent() };
    this.#directories = [top];
    const folders = [root];
    for (const [number, folder] of folders.entries()) {
      const directory = this.#directories[number];
      if (directory === undefined) break;
      const identifiers = naming(folder.entries);
      const named = folder.entries
        .map((node, index) => ({ node, identifier: identifiers[index] ?? rootIdentifier }))
        .sort((a, b) => Buffer.compare(a.identifier, b.identifier));
      for (const { node, identifier } of named) {
        const extent = node.kind === 'file' ? node.extent : noExtent();
        directory.entries.push({ kind: node.kind, identifier, extent });
        if (node.kind === 'file') continue;
        folders.push(node);
        this.#directories.push({ identifier, parent: number, entries: [], extent });
      }
      directory.extent.size = sizeOf(directory);
    }
  }

  /** The extent of the root folder. */
  get root(): Extent {
    return this.#directories[0]?.extent ?? noExtent();
  }

  /** The length of the path table in bytes. */
  get pathTableSize(): number {
    return this.#pathTable(false).length;
  }

  /** Places the folders from a sector on. Returns the sector after them. */
  place(sector: number): number {
    let next = sector;
    for (const { extent } of this.#directories) {
      extent.sector = next;
      next += sectorsFor(extent.size);
    }
    return next;
  }

  /** Writes the folders. The files must have been placed. */
  write(image: Buffer): void {
    for (const directory of this.#directories) {
      const parent = this.#directories[directory.parent] ?? directory;
      const records = [
        directoryRecord(rootIdentifier, directory.extent, true),
        directoryRecord(parentIdentifier, parent.extent, true),
        ...directory.entries.map(({ identifier, extent, kind }) =>
          directoryRecord(identifier, extent, kind === 'folder'),
        ),
      ];
      const start = directory.extent.sector * sectorSize;
      let offset = 0;
      for (const record of records) {
        offset = startOfRecord(offset, record.length);
        record.copy(image, start + offset);
        offset += record.length;
      }
    }
  }

  /** Writes the path table in both byte orders. */
  writePathTables(image: Buffer, littleEndianSector: number, bigEndianSector: number): void {
    this.#pathTable(true).copy(image, littleEndianSector * sectorSize);
    this.#pathTable(false).copy(image, bigEndianSector * sectorSize);
  }

  #pathTable(isLittleEndian: boolean): Buffer {
    const records = this.#directories.map(({ identifier, parent, extent }) => {
      const record = Buffer.alloc(8 + identifier.length + (identifier.length % 2));
      record[0] = identifier.length;
      // Directories are numbered from 1.
      if (isLittleEndian) {
        record.writeUInt32LE(extent.sector, 2);
        record.writeUInt16LE(parent + 1, 6);
      } else {
        record.writeUInt32BE(extent.sector, 2);
        record.writeUInt16BE(parent + 1, 6);
      }
      identifier.copy(record, 8);
      return record;
    });
    return Buffer.concat(records);
  }
}

interface Directory {
  readonly identifier: Buffer;
  /** Index of the parent. The root is its own parent. */
  readonly parent: number;
  readonly entries: Entry[];
  readonly extent: Extent;
}

interface Entry {
  readonly kind: (FileNode | FolderNode)['kind'];
  readonly identifier: Buffer;
  readonly extent: Extent;
}

const noExtent = (): Extent => ({ sector: 0, size: 0 });

/** The identifier of the root, and of a directory's record of itself. */
export const rootIdentifier = Buffer.from([0]);
const parentIdentifier = Buffer.from([1]);

/** Returns where a record begins: no record crosses the end of a sector. */
function startOfRecord(offset: number, length: number): number {
  return (offset % sectorSize) + length > sectorSize ? sectorsFor(offset) * sectorSize : offset;
}

function sizeOf({ entries }: Directory): number {
  const identifiers = [rootIdentifier, parentIdentifier, ...entries.map(({ identifier }) => identifier)];
  let end = 0;
  for (const identifier of identifiers) {
    const length = recordLength(identifier);
    end = startOfRecord(end, length) + length;
  }
  return sectorsFor(end) * sectorSize;
}
