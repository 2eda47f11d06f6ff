import type { VmDisk, VmDvdDrive, VmFacts } from '@aether-v/types';
import { bytesOf, makeDisk, makeFolder } from './disk-making.ts';
import { folderOf, samePath, type HostSteps } from '../engine/index.ts';
import { eraseFile, foldersToGo, pruneFolders } from './file-deletion.ts';
import { isElsewhere, ownPartOf, reasonToStay, type Neighbours } from './file-fate.ts';
import { OperationFailure } from './operation-failure.ts';
import { isImage, isoOf, storageOf, storageRootOf } from './resources.ts';
import { sagaHandler, type Saga } from './saga.ts';
import { requireChangeable } from './vm-condition.ts';

function diskOf(saga: Saga, vmId: string, id: string): VmDisk {
  const { name, disks } = saga.vm(vmId);
  const disk = disks.find((one) => one.id === id);
  if (!disk) throw new OperationFailure('not-found', `"${name}" has no disk ${id}.`);
  return disk;
}

/** Returns the disk in a slot if it is the expected file, because slots are reused. */
function expectedDisk(
  saga: Saga,
  { vmId, diskId, path }: { readonly vmId: string; readonly diskId: string; readonly path: string },
): VmDisk {
  const disk = diskOf(saga, vmId, diskId);
  if (disk.path.toLowerCase() === path.toLowerCase()) return disk;
  throw new OperationFailure(
    'conflict',
    `The disk ${diskId} is now "${disk.path}", not "${path}". Nothing was changed.`,
    'Refresh the disks of the VM, then retry.',
  );
}

function driveOf(saga: Saga, vmId: string, id: string): VmDvdDrive {
  const { name, dvdDrives } = saga.vm(vmId);
  const drive = dvdDrives.find((one) => one.id === id);
  if (!drive) throw new OperationFailure('not-found', `"${name}" has no DVD drive ${id}.`);
  return drive;
}

/** Refuses a disk that others depend on, or that is not a file. */
function requireDeletable(saga: Saga, vm: VmFacts, { path, shared, type }: VmDisk): void {
  if (vm.checkpoints.length > 0) {
    saga.refuse(
      'in-use',
      `Checkpoints of "${vm.name}" depend on "${path}".`,
      'Delete the checkpoints of the VM first.',
    );
  }
  if (shared) saga.refuse('in-use', `"${path}" is shared by several VMs.`);
  if (type === 'PassThrough') {
    saga.refuse('conflict', `"${path}" is a physical disk: it can be detached, not deleted.`);
  }
}

function refuseImage(saga: Saga, path: string): void {
  if (!isImage(saga.steps, path)) return;
  saga.refuse(
    'in-use',
    `"${path}" is an image of this host that new disks are copied from.`,
    'Create a disk from the image.',
  );
}

/** Refuses a file that a VM on another host uses. */
function requireUnknownElsewhere(saga: Saga, request: Neighbours, path: string): void {
  const { keep = [] } = request;
  if (!isElsewhere(request, path) && !keep.some((one) => samePath(one, path))) return;
  saga.refuse('in-use', `A VM on another host uses "${path}".`, 'Detach the disk from that VM first.');
}

function childrenOf(files: HostSteps['files'], { disksElsewhere = [] }: Neighbours, path: string): string[] {
  const named = disksElsewhere.filter(({ parentPath }) => parentPath !== null && samePath(parentPath, path));
  return [...files.childrenOf(path), ...named].map((one) => one.path);
}

/** Refuses a file that is not a disk, or that a VM or another disk uses. */
function requireAttachable(saga: Saga, path: string, request: Neighbours): void {
  const { files } = saga.steps;
  // A path with short names (8.3) cannot be compared.
  if (storageRootOf(saga.steps, path) === null || /~\d/.test(path)) {
    throw new OperationFailure('not-found', `"${path}" is outside the storage classes of this host.`);
  }
  const file = files.find(path);
  if (!file) throw new OperationFailure('not-found', `The file "${path}" does not exist.`);
  refuseImage(saga, path);
  requireUnknownElsewhere(saga, request, path);
  if (!file.disk || files.unreadableReason(path) !== null)
    saga.refuse('not-supported', `"${path}" is not a readable virtual hard disk.`);
  for (const { vmId } of files.usersOf(path)) {
    saga.refuse('in-use', `The VM ${vmId} uses "${path}".`, 'Detach the disk from that VM first.');
  }
  for (const child of childrenOf(files, request, path)) {
    saga.refuse('in-use', `"${child}" is based on "${path}".`);
  }
}

const vhdLimit = 2_040 * 1024 ** 3;

/** Refuses a disk that belongs to a chain or would shrink, and what Resize-VHD does not do. */
function requireGrowable(
  saga: Saga,
  vm: VmFacts,
  disk: VmDisk,
  request: Neighbours & { readonly sizeBytes: number },
): void {
  const { files } = saga.steps;
  const { sizeBytes } = request;
  const { path, type, size, format, controllerType } = disk;
  refuseImage(saga, path);
  if (type === 'Differencing' || vm.checkpoints.length > 0 || childrenOf(files, request, path).length > 0) {
    saga.refuse(
      'wrong-state',
      `"${path}" is part of a chain of differencing disks and cannot be grown.`,
      'Delete the checkpoints of the VM first.',
    );
  }
  requireUnknownElsewhere(saga, request, path);
  if (size === null)
    throw new OperationFailure('not-supported', `"${path}" is not a readable virtual hard disk.`);
  if (sizeBytes < size) {
    saga.refuse('not-supported', `"${path}" has ${size} bytes: a disk cannot be shrunk.`);
  }
  if (format === 'VHD' && sizeBytes > vhdLimit) {
    saga.refuse('not-supported', 'A VHD can hold at most 2,040 GiB.', 'Use a VHDX disk.');
  }
  const online = controllerType === 'SCSI' && format === 'VHDX';
  if (!online && vm.state !== 'Off' && vm.state !== 'Saved') {
    saga.refuse(
      'wrong-state',
      `"${path}" can only be grown while the VM is off, because it is not a VHDX disk on a SCSI controller.`,
      'Shut the VM down first.',
    );
  }
  const { free } = files.volumeOf(path);
  if (type === 'Fixed' && sizeBytes - size > free) {
    saga.refuse(
      'out-of-space',
      `The volume of ${path} has ${free} bytes free, but the disk needs ${sizeBytes - size}.`,
      'Free up space there.',
    );
  }
}

/** Refuses to attach or detach a disk in the current state of the VM. */
function requireDiskChange(saga: Saga, vm: VmFacts, what: string, disk?: VmDisk): void {
  requireChangeable(saga, vm, what, disk === undefined || disk.controllerType === 'SCSI');
}

/** Refuses a folder whose volume is too small, or not shared although the VM is clustered. */
function requireRoom(saga: Saga, vm: VmFacts, folder: string, needed: number): void {
  const { free, kind } = saga.steps.files.volumeOf(folder);
  if (needed > free) {
    saga.refuse(
      'out-of-space',
      `The volume of ${folder} has ${free} bytes free, but the disk needs ${needed}.`,
      'Free up space there, or choose another storage class.',
    );
  }
  if (vm.clusterRole && kind !== 'csv') {
    saga.refuse(
      'wrong-state',
      `"${vm.name}" is clustered, but ${folder} is not on a shared volume.`,
      'Choose a storage class on a shared volume.',
    );
  }
}

/** Operations on disks and DVD drives. */
export const diskOperations = {
  'disk.create': sagaHandler<'disk.create'>(async (saga, { vmId, disk, storageClass }) => {
    const vm = saga.vm(vmId);
    const beside = `${vm.configurationPath}\\Virtual Hard Disks`;
    const folder =
      storageClass === null
        ? beside
        : saga.attempt(() => {
            const { path } = storageOf(saga.steps, storageClass);
            return `${path}\\${vm.configurationPath.split('\\').at(-1) ?? vmId}\\Virtual Hard Disks`;
          });
    const needed = saga.attempt(() => bytesOf(saga, disk)) ?? 0;
    if (folder) requireRoom(saga, vm, folder, needed);
    requireDiskChange(saga, vm, 'attaching a disk');
    saga.plan(4);
    const place = saga.need(folder);
    makeFolder(saga, place);
    const id = await makeDisk(saga, vmId, disk, place);
    return { vmId, disk: diskOf(saga, vmId, id) };
  }),
  'disk.attach': sagaHandler<'disk.attach'>((saga, request) => {
    const { vmId, path } = request;
    requireDiskChange(saga, saga.vm(vmId), 'attaching a disk');
    requireAttachable(saga, path, request);
    const id = saga.step(`Attach ${path}.`, () => saga.steps.drives.addHardDiskDrive(vmId, path));
    return Promise.resolve({ vmId, disk: diskOf(saga, vmId, id) });
  }),
  'disk.detach': sagaHandler<'disk.detach'>((saga, request) => {
    const disk = expectedDisk(saga, request);
    requireDiskChange(saga, saga.vm(request.vmId), 'detaching a disk', disk);
    saga.step(`Detach ${disk.path}.`, () => saga.steps.drives.removeHardDiskDrive(request.vmId, disk.id));
    return Promise.resolve({ vmId: request.vmId, path: disk.path });
  }),
  'disk.grow': sagaHandler<'disk.grow'>(async (saga, request) => {
    const found = expectedDisk(saga, request);
    const { path } = found;
    const { vmId, diskId, sizeBytes } = request;
    requireGrowable(saga, saga.vm(vmId), found, request);
    await saga.job(`Grow ${path} to ${sizeBytes} bytes.`, () => saga.steps.files.resizeVhd(path, sizeBytes));
    const disk = diskOf(saga, vmId, diskId);
    if (disk.size !== sizeBytes) {
      throw new OperationFailure(
        'agent-error',
        `"${path}" was grown, but Hyper-V reports a size of ${disk.size ?? 'no'} bytes.`,
      );
    }
    return { vmId, disk };
  }),
  'disk.delete': sagaHandler<'disk.delete'>((saga, request) => {
    const { vmId } = request;
    const disk = expectedDisk(saga, request);
    const vm = saga.vm(vmId);
    requireDeletable(saga, vm, disk);
    const own = ownPartOf(saga.steps.files.chain(disk.path));
    for (const one of own.flatMap((path) => reasonToStay(saga, path, request, own) ?? [])) {
      saga.refuse('in-use', `"${one.path}" cannot be deleted. ${one.message}`);
    }
    requireDiskChange(saga, vm, 'detaching a disk', disk);
    const folder = folderOf(disk.path);
    saga.intends(() => ({ deletes: [...own, ...foldersToGo(saga, [folder], own)], remaining: [] }));
    saga.plan(2 + own.length);
    saga.step(`Detach ${disk.path}.`, () => saga.steps.drives.removeHardDiskDrive(vmId, disk.id));
    saga.commit();
    const remaining = own.flatMap(
      (path) => reasonToStay(saga, path, request, own) ?? eraseFile(saga, path) ?? [],
    );
    const left = new Set(remaining.map(({ path }) => path));
    const deleted = own.filter((path) => !left.has(path));
    return Promise.resolve({ vmId, deleted: [...deleted, ...pruneFolders(saga, folder)], remaining });
  }),
  'dvd.insert': sagaHandler<'dvd.insert'>((saga, { vmId, driveId, iso }) => {
    const found = saga.attempt(() => isoOf(saga.steps, iso));
    const { drives } = saga.steps;
    const vm = saga.vm(vmId);
    if (driveId !== null) saga.attempt(() => driveOf(saga, vmId, driveId));
    const chosen = driveId ?? vm.dvdDrives.find((drive) => drive.path === null)?.id;
    if (chosen === undefined) requireChangeable(saga, vm, 'adding a DVD drive');
    const path = saga.need(found);
    saga.plan(2);
    const id =
      chosen ??
      saga.step(
        'Add a DVD drive.',
        () => drives.addDvdDrive(vmId),
        (added) => drives.removeDvdDrive(vmId, added),
      );
    saga.step(`Insert ${path}.`, () => drives.setDvdDrive(vmId, id, path));
    return Promise.resolve({ vmId, drive: driveOf(saga, vmId, id) });
  }),
  'dvd.eject': sagaHandler<'dvd.eject'>((saga, { vmId, driveId, path }) => {
    const medium = driveOf(saga, vmId, driveId).path;
    if (path !== undefined && medium !== null && !samePath(medium, path)) {
      throw new OperationFailure(
        'conflict',
        `The DVD drive ${driveId} now holds "${medium}", not "${path}". Nothing was ejected.`,
      );
    }
    saga.step('Eject the medium.', () => saga.steps.drives.setDvdDrive(vmId, driveId, null));
    return Promise.resolve({ vmId, drive: driveOf(saga, vmId, driveId) });
  }),
};
