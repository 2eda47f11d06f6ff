import { EngineError } from './engine-error.ts';
import type { GuestOsName } from './guest-os.ts';
import { folderOf, isInside, pathKey } from './paths.ts';

/** The facts of a virtual hard disk file (Get-VHD). */
interface VirtualDisk {
  readonly format: 'VHD' | 'VHDX';
  readonly type: 'Fixed' | 'Dynamic' | 'Differencing';
  readonly virtualSize: number;
  readonly parentPath: string | null;
  /** The installed guest, if it matters: a VM with an image of this disk gets this guest. */
  readonly guest: GuestOsName | null;
}

/** A file of a volume; `disk` is null for what is not a virtual hard disk. */
export interface StoredFile {
  readonly path: string;
  readonly size: number;
  readonly disk: VirtualDisk | null;
}

/** The location and size of a volume. */
export interface VolumeOptions {
  readonly name: string;
  /** `C:\ClusterStorage\Volume1`, or `D:`. */
  readonly root: string;
  readonly kind: 'csv' | 'local';
  readonly total: number;
  readonly free: number;
}

/** A volume: its files, its folders and its space, which its files and other data use. */
export class Volume {
  readonly name: string;
  readonly root: string;
  readonly kind: 'csv' | 'local';
  readonly total: number;
  readonly files = new Map<string, StoredFile>();
  readonly folders = new Map<string, string>();
  /** Keys of files whose reads never return, as on an unreachable share. */
  readonly hanging = new Set<string>();
  /** Keys of folders that agents may not read. */
  readonly denied = new Set<string>();
  /** Bytes that other data uses. Deduplication can make it negative. */
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

  /** Adds an initial file without changing the free space. */
  seed(file: StoredFile): void {
    this.ensureFolder(folderOf(file.path));
    this.#other -= file.size - (this.files.get(pathKey(file.path))?.size ?? 0);
    this.#set(file);
  }

  /** Creates or replaces a file. Throws `out-of-space` if it does not fit. */
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

  /** Removes a file; does nothing if it does not exist. */
  remove(path: string): void {
    const file = this.files.get(pathKey(path));
    if (!file) return;
    this.#used -= file.size;
    this.files.delete(pathKey(path));
  }

  /** Returns true if the folder exists; the root always does. */
  hasFolder(path: string): boolean {
    return pathKey(path) === pathKey(this.root) || this.folders.has(pathKey(path));
  }

  /** Creates a folder and its missing parents. Returns the new ones, the outermost first. */
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
