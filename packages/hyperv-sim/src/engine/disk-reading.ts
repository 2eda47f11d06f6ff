import type { HostWorld } from './host-world.ts';
import { folderOf, pathKey, samePath } from './paths.ts';
import type { VmConfig } from './vm-config.ts';

/** Why a host cannot tell what is inside a file that is named like a disk. */
export type UnreadableReason = 'open-elsewhere' | 'hangs' | 'damaged' | 'denied';

/** Whether a file has the name of a virtual hard disk that may stand on another. */
export function isDiskName(path: string): boolean {
  return /\.a?vhdx?$/i.test(path);
}

/** Why a host cannot read a disk; null where it can. A disk that VMs have open is read on their nodes only. */
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

/** Whether a folder, or one above it, may not be read. */
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
