import type { HostWorld } from './host-world.ts';
import { folderOf, pathKey, samePath } from './paths.ts';
import type { VmConfig } from './vm-config.ts';

/** Why a host cannot read a disk file. */
export type UnreadableReason = 'open-elsewhere' | 'hangs' | 'damaged' | 'denied';

/** Returns true if a file has the extension of a virtual hard disk, which may have a parent. */
export function isDiskName(path: string): boolean {
  return /\.a?vhdx?$/i.test(path);
}

/**
 * Returns the reason why a host cannot read a disk; null if it can. A disk that a VM has open can be read only on the
 * node of that VM.
 */
export function unreadableReason(world: HostWorld, path: string): UnreadableReason | null {
  const { storage, host } = world;
  const file = storage.find(path);
  if (!file) return null;
  if (isDenied(world, folderOf(path))) return 'denied';
  if (storage.volumeOf(path).hanging.has(pathKey(path))) return 'hangs';
  if (!file.disk) return 'damaged';
  const live = world.neighbours().filter(({ condition }) => condition.startedAt !== null);
  const open = live.filter(({ config }) => hasOpen(world, config, path));
  const elsewhere = open.length > 0 && open.every(({ hostId }) => hostId !== host.id);
  return elsewhere ? 'open-elsewhere' : null;
}

/** Returns true if access to a folder, or to one above it, is denied. */
export function isDenied({ storage }: HostWorld, folder: string): boolean {
  const { denied } = storage.volumeOf(folder);
  for (let path = folder; path !== ''; path = folderOf(path)) if (denied.has(pathKey(path))) return true;
  return false;
}

function hasOpen({ storage }: HostWorld, { disks }: VmConfig, path: string): boolean {
  return disks
    .filter(({ passThrough }) => !passThrough)
    .some((drive) => storage.chain(drive.path).some((link) => samePath(link, path)));
}
