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

/** The cmdlets for files, on the files of a simulated host. */
export function fileCmdlets(
  engine: HyperVEngine,
  hostId: string,
): Readonly<Record<string, (parameters: Parameters) => readonly CimValue[]>> {
  const { files } = engine.steps(hostId);
  const literal = (parameters: Parameters): string => {
    const path = parameters['LiteralPath'] ?? parameters['Path'];
    const text: unknown = Array.isArray(path) ? path[0] : path;
    if (typeof text !== 'string') throw new StubError('A path is missing.');
    return text.replace(/\\$/, '');
  };
  const item = (path: string, size: number): CimObject => ({
    FullName: path,
    Name: leaf(path),
    Length: size,
  });
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
      const deep = parameters['Recurse'] === true;
      const within = (path: string): boolean =>
        deep ? isInside(path, folder) : folderOf(path).toLowerCase() === folder.toLowerCase();
      const stored = files.volumes().flatMap((volume) => [...volume.files.values()]);
      const found = stored.filter(({ path }) => within(path)).map(({ path, size }) => item(path, size));
      const folders = files
        .volumes()
        .flatMap((volume) => [...volume.folders.values()])
        .filter(within)
        .map((path) => item(path, 0));
      const all = parameters['File'] === true ? found : [...folders, ...found];
      return all.filter(({ FullName }) => matches(FullName as string, parameters['Filter']));
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
