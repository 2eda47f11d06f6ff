import { EngineError } from './engine-error.ts';
import type { GuestOsName } from './guest-os.ts';
import { folderOf, isInside, pathKey } from './paths.ts';

/** What is inside a virtual hard disk file (Get-VHD). */
interface VirtualDisk {
  readonly format: 'VHD' | 'VHDX';
  readonly type: 'Fixed' | 'Dynamic' | 'Differencing';
  readonly virtualSize: number;
  readonly parentPath: string | null;
  /** What is installed on it, if that matters: an image of it makes a VM with this guest. */
  readonly guest: GuestOsName | null;
}

/** A file of a volume; `disk` is null for what is not a virtual hard disk. */
export interface StoredFile {
  readonly path: string;
  readonly size: number;
  readonly disk: VirtualDisk | null;
}

/** Where a volume is, and how large. */
export interface VolumeOptions {
  readonly name: string;
  /** `C:\ClusterStorage\Volume1`, or `D:`. */
  readonly root: string;
  readonly kind: 'csv' | 'local';
  readonly total: number;
  readonly free: number;
}

/** A volume: its files, its folders and its space, which is taken by its files and by what else is there. */
export class Volume {
  readonly name: string;
  readonly root: string;
  readonly kind: 'csv' | 'local';
  readonly total: number;
  readonly files = new Map<string, StoredFile>();
  readonly folders = new Map<string, string>();
  /** Keys of files that never answer whoever reads them, as on a share whose server is gone. */
  readonly hanging = new Set<string>();
  /** Keys of folders that agents may not read. */
  readonly denied = new Set<string>();
  /** What else fills it. Deduplication can make it less than nothing. */
  #other: number;
  #used = 0;

  constructor({ name, root, kind, total, free }: VolumeOptions) {
    this.name = name;
    this.root = root;
    this.kind = kind;
    this.total = total;
    this.#other = total - free;
  }

  /** Bytes that are left. */
  get free(): number {
    return Math.max(0, this.total - this.#other - this.#used);
  }

  /** Bytes that its files take. */
  get used(): number {
    return this.#used;
  }

  /** Adds a file that has always been there: the space that is left stays what it was. */
  seed(file: StoredFile): void {
    this.ensureFolder(folderOf(file.path));
    this.#other -= file.size - (this.files.get(pathKey(file.path))?.size ?? 0);
    this.#set(file);
  }

  /** Writes a file anew or in place of the one of that path. Throws `out-of-space` when it does not fit. */
  put(file: StoredFile): void {
    const before = this.files.get(pathKey(file.path))?.size ?? 0;
    if (file.size - before > this.free) {
      throw new EngineError(
        'out-of-space',
        `There is not enough space on "${this.name}": ${file.size - before} bytes are needed, ${this.free} are free.`,
        'Free up space there, or choose another storage class.',
      );
    }
    this.#set(file);
  }

  /** Removes a file; nothing happens when there is none. */
  remove(path: string): void {
    const file = this.files.get(pathKey(path));
    if (!file) return;
    this.#used -= file.size;
    this.files.delete(pathKey(path));
  }

  /** Whether the folder is there; the root always is. */
  hasFolder(path: string): boolean {
    return pathKey(path) === pathKey(this.root) || this.folders.has(pathKey(path));
  }

  /** Makes a folder and those above it; returns those that were not there, the outermost first. */
  ensureFolder(path: string): string[] {
    if (this.hasFolder(path) || !isInside(path, this.root)) return [];
    const above = this.ensureFolder(folderOf(path));
    this.folders.set(pathKey(path), path);
    return [...above, path];
  }

  /** Paths of everything below a folder. */
  below(folder: string): string[] {
    const paths = [...[...this.files.values()].map(({ path }) => path), ...this.folders.values()];
    return paths.filter((path) => isInside(path, folder));
  }

  #set(file: StoredFile): void {
    const key = pathKey(file.path);
    this.#used += file.size - (this.files.get(key)?.size ?? 0);
    this.files.set(key, file);
  }
}
