import { encodeUcs2 } from './iso-fields.ts';
import type { FileNode, FolderNode } from './iso-tree.ts';

/** Returns the identifiers of a folder's entries, in the order of the entries. */
export type Naming = (entries: readonly (FileNode | FolderNode)[]) => Buffer[];

/** Joliet keeps the names. */
export const jolietNaming: Naming = (entries) => entries.map(({ name }) => encodeUcs2(name));

/** ISO 9660 level 1: eight characters and three of the extension, made unique by a number at the end. */
export const isoNaming: Naming = (entries) => {
  const used = new Set<string>();
  const numbers = new Map<string, number>();
  return entries.map((entry) => {
    const [base, extension] = shorten(entry);
    let name = `${base}.${extension}`;
    for (let number = numbers.get(name) ?? 1; used.has(name); number += 1) {
      numbers.set(`${base}.${extension}`, number + 1);
      name = `${base.slice(0, 8 - String(number).length)}${number}.${extension}`;
    }
    used.add(name);
    return Buffer.from(entry.kind === 'folder' ? name.slice(0, -1) : `${name};1`, 'latin1');
  });
};

function shorten({ kind, name }: FileNode | FolderNode): [base: string, extension: string] {
  const clean = (text: string, length: number): string =>
    text
      .toUpperCase()
      .replace(/[^A-Z0-9]/g, '_')
      .slice(0, length);
  const dot = kind === 'folder' ? -1 : name.lastIndexOf('.');
  const base = clean(dot === -1 ? name : name.slice(0, dot), 8);
  return [base || '_', dot === -1 ? '' : clean(name.slice(dot + 1), 3)];
}
