import type { HyperVEngine } from '@aether-v/hyperv-sim/engine';
import { StubError } from './stub-error.ts';
import type { CimObject, CimValue } from './wql.ts';

type Parameters = Readonly<Record<string, unknown>>;

function leaf(path: string): string {
  return path.slice(path.lastIndexOf('\\') + 1);
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('\\'));
}

function isInside(path: string, folder: string): boolean {
  return path.toLowerCase().startsWith(`${folder.toLowerCase()}\\`);
}

function matches(path: string, filter: unknown): boolean {
  if (typeof filter !== 'string') return true;
  const pattern = filter.replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
  return new RegExp(`^${pattern}$`, 'i').test(leaf(path));
}

/** Folders at the root of every volume that only Windows itself may read. */
const systemFolders = ['System Volume Information', '$RECYCLE.BIN'];

/** From here on Windows PowerShell 5.1 reads a folder only with the prefix that turns off Windows' own reading of paths. */
const longestFolder = 247;
const longPrefix = /^\\\\\?\\(?=[a-z]:\\)/i;

/** What Get-ChildItem says of a folder that it could not read: an error that ends nothing by itself. */
function unreadFolder(path: string, kind: 'denied' | 'too-long'): CimObject {
  return { $error: { kind, path } };
}

/** The cmdlets for files, on the files of a simulated host. */
export function fileCmdlets(
  engine: HyperVEngine,
  hostId: string,
): Readonly<Record<string, (parameters: Parameters) => readonly CimValue[]>> {
  const { files } = engine.steps(hostId);
  const pathOf = (parameters: Parameters): string => {
    const path = parameters['LiteralPath'] ?? parameters['Path'];
    const text: unknown = Array.isArray(path) ? path[0] : path;
    if (typeof text !== 'string') throw new StubError('A path is missing.');
    return text;
  };
  const literal = (parameters: Parameters): string => {
    const text = pathOf(parameters);
    return text.replace(longPrefix, '').replace(/\\$/, '');
  };
  const item = (path: string, size: number, isFolder = false): CimObject => ({
    FullName: path,
    Name: leaf(path),
    Length: size,
    PSIsContainer: isFolder,
    LinkType: null,
  });
  const roots = files.volumes().map(({ root }) => root);
  const systemFoldersOf = (folder: string): string[] =>
    roots.some((root) => root.toLowerCase() === folder.toLowerCase())
      ? systemFolders.map((name) => `${folder}\\${name}`)
      : [];
  const isSystem = (path: string): boolean => systemFolders.includes(leaf(path));
  const everyFolder = (): string[] => files.volumes().flatMap((volume) => [...volume.folders.values()]);
  /** Why a folder cannot be listed; undefined where it can. */
  const problemOf = (folder: string, prefixed: boolean): CimObject | undefined => {
    if (isSystem(folder) || files.isDenied(folder)) return unreadFolder(folder, 'denied');
    return folder.length > longestFolder && !prefixed ? unreadFolder(folder, 'too-long') : undefined;
  };
  return {
    'Test-Path': (parameters) => {
      const path = literal(parameters);
      const isFile = files.find(path) !== undefined;
      const isFolder = files.hasFolder(path);
      const wanted = { Leaf: isFile, Container: isFolder }[String(parameters['PathType'])];
      return [wanted ?? (isFile || isFolder)];
    },
    'Get-Item': (parameters) => {
      const file = files.find(literal(parameters));
      if (!file) throw new StubError('There is no such item.', { id: 'PathNotFound' });
      return [item(file.path, file.size)];
    },
    'Get-ChildItem': (parameters) => {
      const folder = literal(parameters);
      const prefixed = longPrefix.test(pathOf(parameters));
      const own = problemOf(folder, prefixed);
      if (own) return [own];
      const deep = parameters['Recurse'] === true;
      const listed = deep ? [folder, ...everyFolder().filter((path) => isInside(path, folder))] : [folder];
      const problems = listed
        .flatMap((path) => [path, ...systemFoldersOf(path)])
        .slice(1)
        .flatMap((path) => (deep ? (problemOf(path, prefixed) ?? []) : []));
      const readable = new Set(
        listed.filter((path) => !problemOf(path, prefixed)).map((path) => path.toLowerCase()),
      );
      const within = (path: string): boolean => readable.has(folderOf(path).toLowerCase());
      const stored = files.volumes().flatMap((volume) => [...volume.files.values()]);
      const found = stored.filter(({ path }) => within(path)).map(({ path, size }) => item(path, size));
      const folders = [...everyFolder().filter(within), ...listed.flatMap(systemFoldersOf)].map((path) =>
        item(path, 0, true),
      );
      const all = parameters['File'] === true ? found : [...folders, ...found];
      return [
        ...all.filter(({ FullName }) => matches(FullName as string, parameters['Filter'])),
        ...problems,
      ];
    },
    'New-Item': (parameters) => {
      files.newFolder(literal(parameters));
      return [item(literal(parameters), 0)];
    },
    'Remove-Item': (parameters) => {
      const path = literal(parameters);
      if (files.find(path)) files.removeFile(path);
      else files.removeFolder(path);
      return [];
    },
  };
}
