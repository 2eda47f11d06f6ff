import { EngineError } from './engine-error.ts';
import type { HostWorld } from './host-world.ts';
import type { Machine } from './machine.ts';
import { pathKey, samePath } from './paths.ts';
import { diskPathsOf } from './vm-config.ts';

/** A VM that uses a file as a disk or as a parent of one, currently or in a checkpoint. */
export interface FileUser {
  readonly machine: Machine;
  /** True for the file of a drive, current or in a checkpoint; false for a parent. */
  readonly direct: boolean;
}

/** The VMs that use this file, on this host and on those that share its storage. */
export function usersOf(world: HostWorld, path: string): FileUser[] {
  return world.neighbours().flatMap((machine) => {
    const paths = diskPathsOf(machine.config);
    const direct = paths.some((one) => samePath(one, path));
    const needed =
      direct || paths.some((one) => world.storage.chain(one).some((link) => samePath(link, path)));
    return needed ? [{ machine, direct }] : [];
  });
}

/** Throws `in-use` while a job writes into the disk or one of its parents. */
export function requireQuiet({ storage, busyFiles }: HostWorld, path: string): void {
  const busy = storage.chain(path).find((link) => busyFiles.has(pathKey(link)));
  if (busy === undefined) return;
  throw new EngineError('in-use', `"${busy}" is being written.`, 'Wait until this has ended, then retry.');
}

/** Returns true if a process has the file open: a running VM, or a job. */
export function isOpen(world: HostWorld, path: string): boolean {
  if (world.busyFiles.has(pathKey(path))) return true;
  return world.neighbours().some(({ condition, config }) => {
    if (condition.startedAt === null) return false;
    const now = config.disks.filter(({ passThrough }) => !passThrough);
    const media = config.dvdDrives.flatMap((drive) => drive.path ?? []);
    const files = [...now.flatMap((drive) => world.storage.chain(drive.path)), ...media];
    return files.some((one) => samePath(one, path));
  });
}
