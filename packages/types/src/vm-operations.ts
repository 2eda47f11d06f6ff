import { Type, type Static } from 'typebox';
import { nullable, oneOf } from './enum.ts';
import { DisplayName, VmName } from './names.ts';
import { Deleted, NoItem, strict, type OperationSchema } from './operation-schema.ts';
import { AdapterId, DriveId, Guid, Text } from './scalars.ts';
import { NewAdapter, NewDisk, vmSettings } from './vm-settings.ts';
import { VmFacts } from './vm.ts';

/** The specification of a new VM. Disks go to SCSI slots in this order, followed by the DVD drive. */
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

/**
 * Changes of a VM; omitted fields are kept. `bootOrder` names devices by id; unnamed ones follow in their present
 * order.
 */
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

/** The settings of a VM that `vm.update` changes, as the host reports them. The ETag of a VM is a digest of them. */
export const VmEditableSettings = Type.Pick(VmFacts, [
  'name',
  'processors',
  'memory',
  'secureBoot',
  'bootOrder',
  'automaticStartAction',
  'automaticStartDelaySeconds',
  'automaticStopAction',
  'checkpointType',
  'notes',
]);

/** Reasons why a deletion left a file in place. */
export const remainReasons = [
  'kept',
  'outside-storage',
  'in-use',
  'parent-of-others',
  'shared',
  'pass-through',
  'failed',
] as const;

/** The files that a deletion left, with reasons: at most one entry per file. */
export const Remaining = Type.Array(
  Type.Object({ path: Text, reason: oneOf(remainReasons), message: Text }),
  {
    maxItems: 1024,
  },
);

/** The maximum number of paths that a deletion can be told to keep. */
export const maxKeep = 1024;

/**
 * Files that a deletion must leave in place, and folders with all their contents: those that the service found in use
 * on other hosts or could not check. An agent knows only the VMs of the host that it runs on.
 */
export const Keep = Type.Optional(
  Type.Array(Text, {
    maxItems: maxKeep,
    description: 'Paths as the host of the VM writes them; compared as Windows compares paths.',
  }),
);

/** The maximum number of other hosts' disks in a request. */
export const maxDisksElsewhere = 4096;

/**
 * Disks of other hosts' VMs on storage that this host also sees, each with its parent file, as just read by its own
 * host. A disk that is open on one node cannot be read on another, so an agent cannot determine the parents itself.
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
    resumable: true,
    cancelsRunning: true,
    errors: ['not-found', 'conflict', 'out-of-space', 'wrong-state'],
  },
  'vm.update': {
    request: Type.Object(
      {
        vmId: Guid,
        changes: VmChanges,
        expected: Type.Optional({
          ...VmEditableSettings,
          description:
            'The settings that the caller has seen. If the VM has others, the request is a `conflict`.',
        }),
      },
      strict,
    ),
    item: NoItem,
    result: Type.Object({
      vm: VmFacts,
      applied: Type.Array(Text, {
        maxItems: 32,
        description: 'The fields that were different and are now set.',
      }),
    }),
    mutates: true,
    resumable: true,
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
    resumable: true,
    cancelsRunning: true,
    errors: ['not-found', 'conflict', 'wrong-state', 'in-use'],
  },
} as const satisfies Record<string, OperationSchema>;

/** The specification of a new VM. */
export type VmCreateRequest = Static<typeof VmCreateRequest>;
/** Changes of a VM. */
export type VmChanges = Static<typeof VmChanges>;
/** The settings of a VM that `vm.update` changes. */
export type VmEditableSettings = Static<typeof VmEditableSettings>;
/** The files that a deletion left, with reasons. */
export type Remaining = Static<typeof Remaining>;
