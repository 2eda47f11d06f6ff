import { Type } from 'typebox';
import { nullable } from './enum.ts';
import { DisplayName, FilePath } from './names.ts';
import { Deleted, NoItem, strict, type OperationSchema } from './operation-schema.ts';
import { DriveId, Guid, Text } from './scalars.ts';
import { DisksElsewhere, Keep, Remaining } from './vm-operations.ts';
import { DiskBytes, NewDisk } from './vm-settings.ts';
import { VmDisk, VmDvdDrive } from './vm.ts';

/**
 * The target of a disk operation: a slot and the file expected in it. Slots are reused, so a different file is a
 * `conflict`.
 */
const DiskTarget = { vmId: Guid, diskId: DriveId, path: Text };
/** Files that other hosts need on the storage, and the parents of their disks. */
const Neighbours = { keep: Keep, disksElsewhere: DisksElsewhere };
const DiskResult = Type.Object({ vmId: Guid, disk: VmDisk });
const DvdResult = Type.Object({ vmId: Guid, drive: VmDvdDrive });
const common = { item: NoItem, mutates: true, resumable: true, cancelsRunning: true } as const;

/** Operations on disks and DVD drives of a VM. */
export const diskOperations = {
  'disk.create': {
    ...common,
    request: Type.Object(
      {
        vmId: Guid,
        disk: NewDisk,
        // null: in the VM's folder
        storageClass: nullable(DisplayName),
      },
      strict,
    ),
    result: DiskResult,
    errors: ['not-found', 'wrong-state', 'out-of-space', 'conflict'],
  },
  'disk.attach': {
    ...common,
    request: Type.Object({ vmId: Guid, path: FilePath, ...Neighbours }, strict),
    result: DiskResult,
    errors: ['not-found', 'wrong-state', 'in-use', 'conflict'],
  },
  'disk.detach': {
    ...common,
    request: Type.Object(DiskTarget, strict),
    result: Type.Object({ vmId: Guid, path: Text }),
    errors: ['not-found', 'wrong-state', 'conflict'],
  },
  'disk.grow': {
    ...common,
    request: Type.Object({ ...DiskTarget, sizeBytes: DiskBytes, ...Neighbours }, strict),
    result: DiskResult,
    errors: ['not-found', 'wrong-state', 'out-of-space', 'conflict', 'in-use'],
  },
  'disk.delete': {
    ...common,
    request: Type.Object({ ...DiskTarget, ...Neighbours }, strict),
    result: Type.Object({ vmId: Guid, deleted: Deleted, remaining: Remaining }),
    errors: ['not-found', 'wrong-state', 'conflict', 'in-use'],
  },
  'dvd.insert': {
    ...common,
    request: Type.Object(
      {
        vmId: Guid,
        // null: the first empty drive, or a new one
        driveId: nullable(DriveId),
        iso: DisplayName,
      },
      strict,
    ),
    result: DvdResult,
    errors: ['not-found', 'wrong-state', 'conflict'],
  },
  'dvd.eject': {
    ...common,
    request: Type.Object(
      {
        vmId: Guid,
        driveId: DriveId,
        path: Type.Optional(
          Type.String({
            description: 'The medium that must be in it: slots are used again.',
            maxLength: 1024,
          }),
        ),
      },
      strict,
    ),
    result: DvdResult,
    errors: ['not-found', 'wrong-state', 'conflict'],
  },
} as const satisfies Record<string, OperationSchema>;
