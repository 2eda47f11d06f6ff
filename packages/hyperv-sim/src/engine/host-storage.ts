import { EngineError } from './engine-error.ts';
import { folderOf, isInside, leafOf, pathKey, samePath } from './paths.ts';
import type { StoredFile, Volume } from './volume.ts';

/** The volumes that a host sees: the shared volumes of its cluster and its local ones. */
export class HostStorage {
  readonly volumes: readonly Volume[];

  constructor(volumes: readonly Volume[]) {
    // the innermost root decides: shared volumes are mounted below C:
    this.volumes = [...volumes].sort((one, other) => other.root.length - one.root.length);
  }

  /** The volume that holds a path; throws if there is none. */
  volumeOf(path: string): Volume {
    const volume = this.volumes.find(({ root }) => isInside(path, root) || samePath(path, root));
    if (!volume) throw new EngineError('not-found', `No volume holds "${path}".`);
    return volume;
  }

  /** The file of this path. */
  find(path: string): StoredFile | undefined {
    return this.volumes.find(({ root }) => isInside(path, root))?.files.get(pathKey(path));
  }

  /** The file of this path, if it responds and is readable as a disk. */
  readable(path: string): StoredFile | undefined {
    const file = this.find(path);
    const answers = file?.disk != null && !this.volumeOf(path).hanging.has(pathKey(path));
    return answers ? file : undefined;
  }

  /** The file of this path; throws `not-found`. */
  file(path: string): StoredFile {
    const file = this.find(path);
    if (!file) throw new EngineError('not-found', `The file "${path}" does not exist.`);
    return file;
  }

  /** Creates a file. Throws if its folder is missing or the file exists. */
  create(file: StoredFile): void {
    const volume = this.volumeOf(file.path);
    if (this.find(file.path)) throw new EngineError('conflict', `"${file.path}" already exists.`);
    if (!volume.hasFolder(folderOf(file.path))) {
      throw new EngineError('not-found', `The folder "${folderOf(file.path)}" does not exist.`);
    }
    volume.put(file);
  }

  /** Replaces parts of a file. */
  change(path: string, change: Partial<Omit<StoredFile, 'path'>>): void {
    this.volumeOf(path).put({ ...this.file(path), ...change });
  }

  /** Removes a file, even if it is in use. */
  erase(path: string): void {
    this.volumeOf(path).remove(path);
  }

  /** The disks whose parent is this file. */
  childrenOf(path: string): StoredFile[] {
    return this.volumes.flatMap(({ files }) =>
      [...files.values()].filter(({ disk }) => disk?.parentPath != null && samePath(disk.parentPath, path)),
    );
  }

  /** The paths of a disk and all its parents, from the disk down to the base. */
  chain(path: string): string[] {
    const paths: string[] = [];
    for (let next: string | null = path; next !== null && !paths.includes(next);) {
      paths.push(next);
      next = this.find(next)?.disk?.parentPath ?? null;
    }
    return paths;
  }

  /** Files directly inside a folder, by name. */
  list(folder: string): StoredFile[] {
    const files = this.volumes.flatMap((volume) => [...volume.files.values()]);
    return files
      .filter(({ path }) => samePath(folderOf(path), folder))
      .sort((one, other) => leafOf(one.path).localeCompare(leafOf(other.path), 'en'));
  }
}
