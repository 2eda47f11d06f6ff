import { Type, type Static } from 'typebox';
import { nullable, oneOf } from './enum.ts';
import { DisplayName, VmName } from './names.ts';
import { Deleted, NoItem, strict, type OperationSchema } from './operation-schema.ts';
import { AdapterId, DriveId, Guid, Text } from './scalars.ts';
import { NewAdapter, NewDisk, vmSettings } from './vm-settings.ts';
import { VmFacts } from './vm.ts';

/** A VM to be. Disks go to SCSI slots in this order, the DVD drive behind them. */
export const VmCreateRequest = Type.Object(
  {
    name: VmName,
    generation: Type.Literal(2),
    ...vmSettings,
    bootOrder: Type.Array(oneOf(['disk', 'dvd', 'network']), {
      maxItems: 3,
      description: 'Kinds of devices, first to last; kinds that are not named follow.',
    }),
    storageClass: DisplayName,
    disks: Type.Array(NewDisk, { maxItems: 63 }),
    networkAdapters: Type.Array(NewAdapter, { maxItems: 8 }),
    dvd: nullable(Type.Object({ iso: nullable(DisplayName) }, strict)),
    clustered: Type.Boolean(),
    start: Type.Boolean(),
  },
  strict,
);

/** Changes of a VM: what is left out stays. `bootOrder` names devices by id; those not named follow in their present order. */
export const VmChanges = Type.Object(
  {
    name: Type.Optional(VmName),
    processors: Type.Optional(vmSettings.processors),
    memory: Type.Optional(vmSettings.memory),
    secureBoot: Type.Optional(vmSettings.secureBoot),
    bootOrder: Type.Optional(Type.Array(Type.Union([DriveId, AdapterId]), { maxItems: 72 })),
    automaticStartAction: Type.Optional(vmSettings.automaticStartAction),
    automaticStartDelaySeconds: Type.Optional(vmSettings.automaticStartDelaySeconds),
    automaticStopAction: Type.Optional(vmSettings.automaticStopAction),
    checkpointType: Type.Optional(vmSettings.checkpointType),
    notes: Type.Optional(vmSettings.notes),
  },
  strict,
);

/** Why a deletion left a file where it is. */
export const remainReasons = [
  'kept',
  'outside-storage',
  'in-use',
  'parent-of-others',
  'shared',
  'pass-through',
  'failed',
] as const;

/** What a deletion left, and why: at most one entry for each file. */
export const Remaining = Type.Array(
  Type.Object({ path: Text, reason: oneOf(remainReasons), message: Text }),
  {
    maxItems: 1024,
  },
);

/** How many paths a deletion can be told to keep. */
export const maxKeep = 1024;

/**
 * Files that a deletion leaves where they are, and folders with all that is in them: what the service found in use on other
 * hosts, or could not ask about. An agent knows the VMs of its own host only.
 */
export const Keep = Type.Optional(
  Type.Array(Text, {
    maxItems: maxKeep,
    description: 'Paths as the host of the VM writes them; compared as Windows compares paths.',
  }),
);

/** How many disks of other hosts a request can name. */
export const maxDisksElsewhere = 4096;

/**
 * Disks that VMs of other hosts have on storage that this host sees too, each with the file that it stands on, as its own host read it
 * just now. A disk that is open on one node can be read on no other, so an agent cannot find out by itself what stands on what.
 */
export const DisksElsewhere = Type.Optional(
  Type.Array(Type.Object({ path: Text, parentPath: nullable(Text) }, strict), {
    maxItems: maxDisksElsewhere,
    description: 'Paths as the host of the VM writes them; compared as Windows compares paths.',
  }),
);

/** Operations on a VM as a whole. */
export const vmOperations = {
  'vm.create': {
    request: VmCreateRequest,
    item: NoItem,
    result: Type.Object({
      vm: VmFacts,
      diskIds: Type.Array(DriveId, { maxItems: 63 }),
      adapterIds: Type.Array(AdapterId, { maxItems: 8 }),
    }),
    mutates: true,
    cancelsRunning: true,
    errors: ['not-found', 'conflict', 'out-of-space', 'wrong-state'],
  },
  'vm.update': {
    request: Type.Object({ vmId: Guid, changes: VmChanges }, strict),
    item: NoItem,
    result: Type.Object({
      vm: VmFacts,
      applied: Type.Array(Text, {
        maxItems: 32,
        description: 'The fields that were different and are now set.',
      }),
    }),
    mutates: true,
    cancelsRunning: true,
    errors: ['not-found', 'wrong-state', 'conflict'],
  },
  'vm.delete': {
    request: Type.Object(
      {
        vmId: Guid,
        name: Type.String({ maxLength: 1024, description: 'The name that the VM must have.' }),
        force: Type.Boolean({ description: 'Turn it off first if it is not.' }),
        deleteDisks: Type.Boolean(),
        keep: Keep,
        disksElsewhere: DisksElsewhere,
      },
      strict,
    ),
    item: NoItem,
    result: Type.Object({ vmId: Guid, deleted: Deleted, remaining: Remaining }),
    mutates: true,
    cancelsRunning: true,
    errors: ['not-found', 'conflict', 'wrong-state', 'in-use'],
  },
} as const satisfies Record<string, OperationSchema>;

/** A VM to be. */
export type VmCreateRequest = Static<typeof VmCreateRequest>;
/** Changes of a VM. */
export type VmChanges = Static<typeof VmChanges>;
/** What a deletion left, and why. */
export type Remaining = Static<typeof Remaining>;
