import { MediaError } from './errors.ts';
import type { Extent } from './iso-fields.ts';

/** A file on media. */
export interface MediaFile {
  /** Relative path with `/` between its parts. */
  readonly path: string;
  readonly content: Uint8Array;
}

/** A file with its place in the image. */
export interface FileNode {
  readonly kind: 'file';
  readonly name: string;
  readonly content: Uint8Array;
  readonly extent: Extent;
}

/** A folder. Its entries are sorted by name. */
export interface FolderNode {
  readonly kind: 'folder';
  readonly name: string;
  readonly entries: (FileNode | FolderNode)[];
}

const maxFileBytes = 2 ** 32 - 1;
const maxNameLength = 64;
const maxPathLength = 120;
// ECMA-119, 6.8.2.1: eight levels, and the root is the first.
const maxParts = 8;

/** Returns the root folder. The order of the files has no effect. @throws MediaError if media cannot hold the files. */
export function readTree(files: readonly MediaFile[]): FolderNode {
  const root: FolderNode = { kind: 'folder', name: '', entries: [] };
  const known = new Map<string, FolderNode | FileNode>();
  const sorted = [...files].sort((a, b) => compare(a.path, b.path));
  for (const { path, content } of sorted) {
    const parts = readPath(path);
    if (content.length > maxFileBytes) {
      throw new MediaError('file-too-large', `The file ${path} has more than 4 GiB - 1 bytes.`);
    }
    let folder = root;
    for (const [index, name] of parts.entries()) {
      const key = parts
        .slice(0, index + 1)
        .join('/')
        .toLowerCase();
      const isFile = index === parts.length - 1;
      const existing = known.get(key);
      if (existing === undefined) {
        const node: FileNode | FolderNode = isFile
          ? { kind: 'file', name, content, extent: { sector: 0, size: content.length } }
          : { kind: 'folder', name, entries: [] };
        known.set(key, node);
        folder.entries.push(node);
        if (node.kind === 'folder') folder = node;
      } else if (!isFile && existing.kind === 'folder' && existing.name === name) {
        folder = existing;
      } else {
        // Windows compares names case-insensitively.
        throw new MediaError('path-repeated', `The path ${path} is used twice, or differs only in case.`);
      }
    }
  }
  return root;
}

function readPath(path: string): string[] {
  const parts = path.split('/');
  for (const part of parts) {
    const problem = nameProblem(part);
    if (problem !== null)
      throw new MediaError('path-invalid', `The path ${JSON.stringify(path)} ${problem}.`);
    if (part.length > maxNameLength) {
      throw new MediaError(
        'path-too-long',
        `A name in the path ${path} has more than ${maxNameLength} characters.`,
      );
    }
  }
  if (path.length > maxPathLength) {
    throw new MediaError('path-too-long', `The path ${path} has more than ${maxPathLength} characters.`);
  }
  if (parts.length >= maxParts) {
    throw new MediaError('path-too-deep', `The path ${path} has more than ${maxParts - 2} folders.`);
  }
  return parts;
}

/** Returns why Joliet, or Windows as its reader, refuses a name; null if neither does. */
function nameProblem(name: string): string | null {
  if (name === '') return 'has an empty part';
  if (name === '.' || name === '..') return 'has a part that is . or ..';
  // eslint-disable-next-line no-control-regex -- Joliet refuses control characters.
  if (/[\u0000-\u001f*:;?\\]/.test(name)) return 'has a control character or one of * : ; ? \\';
  if (/[\ud800-\udfff\ufffe\uffff]/.test(name)) return 'has a character outside the Basic Multilingual Plane';
  if (/[. ]$/.test(name)) return 'has a part that ends with a dot or a space';
  return null;
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
