import { runClocked } from './clocked-job.ts';
import { isDenied, unreadableReason, type UnreadableReason } from './disk-reading.ts';
import { EngineError } from './engine-error.ts';
import { RunningJob, type EngineJob } from './engine-job.ts';
import { isOpen, usersOf } from './file-use.ts';
import type { HostWorld } from './host-world.ts';
import { pathKey, samePath } from './paths.ts';
import type { StoredFile, Volume } from './volume.ts';

const mebibyte = 1024 ** 2;
const gibibyte = 1024 ** 3;

/** Size of an empty dynamic or differencing VHDX. */
export const emptyDiskBytes = 4 * mebibyte;

/** Maximum size of a VHD. */
const vhdLimit = 2_040 * gibibyte;

/** Specification of a new virtual hard disk (New-VHD). */
export interface NewVhd {
  readonly path: string;
  readonly sizeBytes: number;
  readonly type: 'Fixed' | 'Dynamic';
  /** Creates a differencing disk on this parent, with its size and format (New-VHD -Differencing). */
  readonly parentPath?: string;
}

/** Steps on files, disks and volumes of one host. */
export class FileSteps {
  readonly #world: HostWorld;

  constructor(world: HostWorld) {
    this.#world = world;
  }

  /** The file with this path, and its disk facts if it is a disk (Get-Item, Get-VHD). */
  find(path: string): StoredFile | undefined {
    return this.#world.storage.find(path);
  }

  /** All volumes that the host sees (Get-Volume). */
  volumes(): readonly Pick<
    Volume,
    'name' | 'root' | 'kind' | 'free' | 'total' | 'used' | 'files' | 'folders'
  >[] {
    return this.#world.storage.volumes;
  }

  /** Files directly inside a folder. */
  list(folder: string): StoredFile[] {
    return this.#world.storage.list(folder);
  }

  /** The paths of a disk and its parents, down to the base. */
  chain(path: string): string[] {
    return this.#world.storage.chain(path);
  }

  /** The disks whose parent is this file. */
  childrenOf(path: string): StoredFile[] {
    return this.#world.storage.childrenOf(path);
  }

  /** Returns the reason why this host cannot read a disk; null if it can. */
  unreadableReason(path: string): UnreadableReason | null {
    return unreadableReason(this.#world, path);
  }

  /** Returns true if access to a folder, or to one above it, is denied. */
  isDenied(folder: string): boolean {
    return isDenied(this.#world, folder);
  }

  /** Makes all reads of a file hang, or work again. */
  setHanging(path: string, hangs: boolean): void {
    const { hanging } = this.#world.storage.volumeOf(path);
    if (hangs) hanging.add(pathKey(path));
    else hanging.delete(pathKey(path));
    for (const { machine } of usersOf(this.#world, path)) machine.touch();
  }

  /** Damages a disk: its file exists but is no longer readable as a disk. */
  damage(path: string): void {
    this.#world.storage.change(path, { disk: null });
    for (const { machine } of usersOf(this.#world, path)) machine.touch();
  }

  /** Denies agents access to a folder and everything below it. */
  denyFolder(path: string): void {
    const volume = this.#world.storage.volumeOf(path);
    volume.ensureFolder(path);
    volume.denied.add(pathKey(path));
  }

  /** The names and ids of the VMs that use this file, here and on the nodes that share its volume. */
  usersOf(path: string): { readonly vmId: string; readonly name: string; readonly hostId: string }[] {
    return usersOf(this.#world, path).map(({ machine: { id, config, hostId } }) => ({
      vmId: id,
      name: config.name,
      hostId,
    }));
  }

  /** The volume that holds a path. */
  volumeOf(path: string): Pick<Volume, 'name' | 'root' | 'kind' | 'free' | 'total'> {
    return this.#world.storage.volumeOf(path);
  }

  /** Returns true if the folder exists. */
  hasFolder(path: string): boolean {
    return this.#world.storage.volumeOf(path).hasFolder(path);
  }

  /** Returns true if the folder is empty. */
  isEmpty(path: string): boolean {
    return this.below(path).length === 0;
  }

  /** Returns the paths of everything below a folder. */
  below(path: string): string[] {
    return this.#world.storage.volumeOf(path).below(path);
  }

  /** Creates a folder and its missing parents; returns the new ones (New-Item). */
  newFolder(path: string): string[] {
    this.#world.check('newFolder', '');
    return this.#world.storage.volumeOf(path).ensureFolder(path);
  }

  /** Removes a folder; throws if it is not empty. */
  removeFolder(path: string): void {
    this.#world.check('removeFolder', '');
    const volume = this.#world.storage.volumeOf(path);
    if (volume.below(path).length > 0) throw new EngineError('in-use', `"${path}" is not empty.`);
    volume.folders.delete(pathKey(path));
  }

  /** Creates an empty disk (New-VHD). A fixed one is written in full. */
  newVhd({ path, sizeBytes, type, parentPath }: NewVhd): EngineJob {
    this.#world.check('newVhd', '');
    if (parentPath !== undefined) return this.#newChild(path, parentPath);
    const format = /\.vhd$/i.test(path) ? 'VHD' : 'VHDX';
    if (format === 'VHD' && sizeBytes > vhdLimit) throw tooLargeForVhd();
    const size = type === 'Fixed' ? sizeBytes : emptyDiskBytes;
    this.#world.storage.create({
      path,
      size,
      disk: { format, type, virtualSize: sizeBytes, parentPath: null, guest: null },
    });
    return this.#write('New disk', path, size);
  }

  /** Copies a file (Copy-Item). */
  copyFile(from: string, to: string): EngineJob {
    this.#world.check('copyFile', '');
    const source = this.#world.storage.file(from);
    if (isOpen(this.#world, from)) throw new EngineError('in-use', `"${from}" is in use.`);
    this.#world.storage.create({ ...source, path: to });
    return this.#write('Copy', to, source.size);
  }

  /** Grows a disk (Resize-VHD). */
  resizeVhd(path: string, sizeBytes: number): EngineJob {
    const { storage } = this.#world;
    this.#world.check('resizeVhd', '');
    const file = storage.file(path);
    const { disk } = file;
    if (!disk) throw new EngineError('not-supported', `"${path}" is not a virtual hard disk.`);
    if (disk.type === 'Differencing' || storage.childrenOf(path).length > 0) {
      throw new EngineError(
        'wrong-state',
        `"${path}" is part of a chain of differencing disks and cannot be grown.`,
        'Delete the checkpoints of the VM first.',
      );
    }
    if (sizeBytes < disk.virtualSize) {
      throw new EngineError(
        'not-supported',
        `"${path}" has ${disk.virtualSize} bytes: a disk cannot be shrunk.`,
      );
    }
    if (disk.format === 'VHD' && sizeBytes > vhdLimit) throw tooLargeForVhd();
    this.#requireResizable(path, disk.format);
    const size = disk.type === 'Fixed' ? sizeBytes : file.size;
    const grownBy = size - file.size;
    storage.change(path, { size, disk: { ...disk, virtualSize: sizeBytes } });
    for (const { machine } of usersOf(this.#world, path)) machine.touch();
    return this.#write('Resize', path, grownBy, file);
  }

  /** Removes a file; throws while a running VM or a job has it open (Remove-Item). */
  removeFile(path: string): void {
    this.#world.check('removeFile', '');
    this.#world.storage.file(path);
    if (isOpen(this.#world, path)) throw new EngineError('in-use', `"${path}" is in use.`);
    this.#world.storage.erase(path);
    for (const { machine } of usersOf(this.#world, path)) machine.touch();
  }

  #newChild(path: string, parentPath: string): EngineJob {
    const { storage } = this.#world;
    const parent = storage.file(parentPath);
    if (!parent.disk) throw new EngineError('not-supported', `"${parentPath}" is not a virtual hard disk.`);
    const writer = usersOf(this.#world, parentPath).find(({ machine }) =>
      machine.config.disks.some((drive) => samePath(drive.path, parentPath)),
    );
    if (writer) throw new EngineError('in-use', `"${writer.machine.config.name}" writes to "${parentPath}".`);
    const disk = { ...parent.disk, type: 'Differencing', parentPath: parent.path } as const;
    storage.create({ path, size: emptyDiskBytes, disk });
    return this.#write('New disk', path, emptyDiskBytes);
  }

  #requireResizable(path: string, format: 'VHD' | 'VHDX'): void {
    if (!isOpen(this.#world, path)) return;
    const online = usersOf(this.#world, path).every(({ machine }) =>
      machine.config.disks.some((drive) => samePath(drive.path, path) && drive.controllerType === 'SCSI'),
    );
    if (online && format === 'VHDX' && !this.#world.busyFiles.has(pathKey(path))) return;
    throw new EngineError(
      'wrong-state',
      `"${path}" can only be grown while it is not in use.`,
      'Shut the VM down first.',
    );
  }

  /** Starts a job that writes a number of bytes into a file. A cancellation restores the previous file. */
  #write(kind: string, path: string, bytes: number, before: StoredFile | null = null): EngineJob {
    const { storage, clock, busyFiles } = this.#world;
    const job = new RunningJob(kind, '', `${kind}: ${path}`);
    const key = pathKey(path);
    busyFiles.add(key);
    job.cancellable(() => {
      busyFiles.delete(key);
      if (before) storage.change(path, before);
      else storage.erase(path);
    });
    runClocked(clock, job, 200 + Math.min(60_000, (bytes / gibibyte) * 900), () => {
      busyFiles.delete(key);
      job.complete();
    });
    return job;
  }
}

function tooLargeForVhd(): EngineError {
  return new EngineError('not-supported', 'A VHD can hold at most 2,040 GiB.', 'Use a VHDX disk.');
}
