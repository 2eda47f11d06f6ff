import type { VmDisk, VmDvdDrive, VmFacts } from '@aether-v/types';
import { bytesOf, checkDisk, makeDisk, makeFolder } from './disk-making.ts';
import { samePath, type HostSteps } from '../engine/index.ts';
import {
  eraseFile,
  isElsewhere,
  ownPartOf,
  pruneFolders,
  reasonToStay,
  type Neighbours,
} from './file-fate.ts';
import { OperationFailure } from './operation-failure.ts';
import { isImage, isoOf, storageOf, storageRootOf } from './resources.ts';
import { sagaHandler, type Saga } from './saga.ts';

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

/** Throws `in-use` if checkpoints of the VM depend on the disk. */
function requireNoCheckpoint(saga: Saga, vmId: string, disk: VmDisk): void {
  const { name, checkpoints } = saga.vm(vmId);
  if (checkpoints.length === 0) return;
  throw new OperationFailure(
    'in-use',
    `Checkpoints of "${name}" depend on "${disk.path}".`,
    'Delete the checkpoints of the VM first.',
  );
}

function imageInUse(path: string): OperationFailure {
  return new OperationFailure(
    'in-use',
    `"${path}" is an image of this host that new disks are copied from.`,
    'Create a disk from the image.',
  );
}

/** Throws `in-use` if a VM on another host uses the file. */
function requireUnknownElsewhere(request: Neighbours, path: string): void {
  const { keep = [] } = request;
  if (!isElsewhere(request, path) && !keep.some((one) => samePath(one, path))) return;
  throw new OperationFailure(
    'in-use',
    `A VM on another host uses "${path}".`,
    'Detach the disk from that VM first.',
  );
}

function childrenOf(files: HostSteps['files'], { disksElsewhere = [] }: Neighbours, path: string): string[] {
  const named = disksElsewhere.filter(({ parentPath }) => parentPath !== null && samePath(parentPath, path));
  return [...files.childrenOf(path), ...named].map((one) => one.path);
}

/** Throws if a file is not a disk, or if a VM or another disk uses it. */
function requireAttachable({ steps }: Saga, path: string, request: Neighbours): void {
  const { files } = steps;
  const file = files.find(path);
  if (!file) throw new OperationFailure('not-found', `The file "${path}" does not exist.`);
  if (!file.disk) throw new OperationFailure('not-supported', `"${path}" is not a virtual hard disk.`);
  if (isImage(steps, path)) throw imageInUse(path);
  requireUnknownElsewhere(request, path);
  if (files.unreadableReason(path) !== null)
    throw new OperationFailure('not-supported', `"${path}" is not a readable virtual hard disk.`);
  const [user] = files.usersOf(path);
  if (user)
    throw new OperationFailure(
      'in-use',
      `The VM "${user.name}" uses "${path}".`,
      'Detach the disk from that VM first.',
    );
  const [child] = childrenOf(steps.files, request, path);
  if (child !== undefined) throw new OperationFailure('in-use', `"${child}" is based on "${path}".`);
}

/** Throws if a disk belongs to a chain or would shrink. */
function requireGrowable(
  { steps }: Saga,
  vm: VmFacts,
  disk: VmDisk,
  request: Neighbours & { readonly sizeBytes: number },
): void {
  const { sizeBytes } = request;
  const { path, type, size } = disk;
  if (isImage(steps, path)) throw imageInUse(path);
  if (
    type === 'Differencing' ||
    vm.checkpoints.length > 0 ||
    childrenOf(steps.files, request, path).length > 0
  ) {
    throw new OperationFailure(
      'wrong-state',
      `"${path}" is part of a chain of differencing disks and cannot be grown.`,
      'Delete the checkpoints of the VM first.',
    );
  }
  requireUnknownElsewhere(request, path);
  if (size === null)
    throw new OperationFailure('not-supported', `"${path}" is not a readable virtual hard disk.`);
  if (sizeBytes < size)
    throw new OperationFailure('not-supported', `"${path}" has ${size} bytes: a disk cannot be shrunk.`);
}

/** Operations on disks and DVD drives. */
export const diskOperations = {
  'disk.create': sagaHandler<'disk.create'>(async (saga, { vmId, disk, storageClass }) => {
    const vm = saga.vm(vmId);
    const beside = `${vm.configurationPath}\\Virtual Hard Disks`;
    const folder =
      storageClass === null
        ? beside
        : `${storageOf(saga.steps, storageClass).path}\\${vm.configurationPath.split('\\').at(-1) ?? vmId}\\Virtual Hard Disks`;
    checkDisk(saga, disk);
    const { name, free, kind } = saga.steps.files.volumeOf(folder);
    const needed = bytesOf(saga, disk);
    if (needed > free) {
      throw new OperationFailure(
        'out-of-space',
        `"${name}" has ${free} bytes free, but the disk needs ${needed}.`,
      );
    }
    if (vm.clusterRole && kind !== 'csv') {
      throw new OperationFailure(
        'wrong-state',
        `"${vm.name}" is clustered, but "${name}" is not a shared volume.`,
      );
    }
    saga.plan(4);
    makeFolder(saga, folder);
    const id = await makeDisk(saga, vmId, disk, folder);
    return { vmId, disk: diskOf(saga, vmId, id) };
  }),
  'disk.attach': sagaHandler<'disk.attach'>((saga, request) => {
    const { vmId, path } = request;
    saga.vm(vmId);
    if (storageRootOf(saga.steps, path) === null) {
      throw new OperationFailure('not-found', `"${path}" is outside the storage classes of this host.`);
    }
    requireAttachable(saga, path, request);
    const id = saga.step(`Attach ${path}.`, () => saga.steps.drives.addHardDiskDrive(vmId, path));
    return Promise.resolve({ vmId, disk: diskOf(saga, vmId, id) });
  }),
  'disk.detach': sagaHandler<'disk.detach'>((saga, request) => {
    const disk = expectedDisk(saga, request);
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
    requireNoCheckpoint(saga, vmId, disk);
    if (disk.shared) throw new OperationFailure('in-use', `"${disk.path}" is shared by several VMs.`);
    if (disk.type === 'PassThrough') {
      throw new OperationFailure(
        'conflict',
        `"${disk.path}" is a physical disk: it can be detached, not deleted.`,
      );
    }
    const chain = saga.steps.files.chain(disk.path);
    const own = ownPartOf(chain);
    const stay = own.flatMap((path) => reasonToStay(saga, path, request, own) ?? []);
    const [first] = stay;
    if (first) throw new OperationFailure('in-use', `"${first.path}" cannot be deleted. ${first.message}`);
    saga.plan(2 + own.length);
    saga.step(`Detach ${disk.path}.`, () => saga.steps.drives.removeHardDiskDrive(vmId, disk.id));
    saga.commit();
    const remaining = own.flatMap(
      (path) => reasonToStay(saga, path, request, own) ?? eraseFile(saga, path) ?? [],
    );
    const left = new Set(remaining.map(({ path }) => path));
    const deleted = own.filter((path) => !left.has(path));
    const folder = disk.path.slice(0, disk.path.lastIndexOf('\\'));
    return Promise.resolve({ vmId, deleted: [...deleted, ...pruneFolders(saga, folder)], remaining });
  }),
  'dvd.insert': sagaHandler<'dvd.insert'>((saga, { vmId, driveId, iso }) => {
    const path = isoOf(saga.steps, iso);
    const { drives } = saga.steps;
    const { dvdDrives } = saga.vm(vmId);
    if (driveId !== null) driveOf(saga, vmId, driveId);
    saga.plan(2);
    const id =
      driveId ??
      dvdDrives.find((drive) => drive.path === null)?.id ??
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
