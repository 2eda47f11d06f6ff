import { Type, type Static } from 'typebox';
import { Conflict } from './conflict.ts';
import { nullable, oneOf } from './enum.ts';
import { FactProblems } from './fact-problem.ts';
import { AdapterId, Bytes, DriveId, Guid, HostId, Percent, Text, Timestamp, VmId } from './scalars.ts';
import { integrationServices, integrationServiceStatuses, vmActivities, vmHealths } from './vm-conditions.ts';
import { vmStates } from './windows/vm-states.ts';

const Controller = {
  id: DriveId,
  controllerType: oneOf(['IDE', 'SCSI', 'Floppy', 'PMEM']),
  controllerNumber: Type.Integer({ minimum: 0, maximum: 63 }),
  controllerLocation: Type.Integer({ minimum: 0, maximum: 63 }),
};

/**
 * A virtual hard disk on its controller (Get-VHD). Sizes are null while the file cannot be read. The path is empty if
 * it cannot be reported; the file and its parents are then unknown.
 */
export const VmDisk = Type.Object(
  {
    ...Controller,
    path: Text,
    format: nullable(oneOf(['VHD', 'VHDX', 'VHDSet', 'Physical'])),
    type: nullable(oneOf(['Fixed', 'Dynamic', 'Differencing', 'PassThrough'])),
    size: nullable(Bytes),
    fileSize: nullable(Bytes),
    parentPath: nullable(Text),
    ancestors: Type.Optional(
      Type.Array(Text, {
        maxItems: 64,
        description: 'The ancestors of `parentPath`, nearest first; omitted if it has none.',
      }),
    ),
    shared: Type.Boolean({ description: 'Attached with persistent reservations for several VMs.' }),
  },
  { $id: 'VmDisk' },
);

/** The state of a VM, as a schema. */
export const VmStateSchema = oneOf(vmStates, { $id: 'VmState' });

/** A DVD drive; `path` is null while it is empty. */
export const VmDvdDrive = Type.Object({ ...Controller, path: nullable(Text) }, { $id: 'VmDvdDrive' });

/** The VLAN setting of an adapter (Get-VMNetworkAdapterVlan). */
export const VmVlan = Type.Object(
  {
    mode: nullable(oneOf(['Untagged', 'Access', 'Trunk', 'Private'])),
    accessVlanId: nullable(Type.Integer({ minimum: 0, maximum: 4094 })),
    nativeVlanId: nullable(Type.Integer({ minimum: 0, maximum: 4094 })),
    allowedVlanIds: nullable(Text),
  },
  { $id: 'VmVlan' },
);

/**
 * A network adapter (Get-VMNetworkAdapter). `addresses` are reported by the guest and are empty without its services.
 */
export const VmNetworkAdapter = Type.Object(
  {
    id: AdapterId,
    name: Text,
    legacy: Type.Boolean(),
    switchName: nullable(Text),
    connected: Type.Boolean(),
    vlan: VmVlan,
    macAddress: nullable(Type.String({ pattern: '^[0-9A-F]{12}$' })),
    dynamicMacAddress: Type.Boolean(),
    addresses: Type.Array(Type.String({ maxLength: 64 }), { maxItems: 256 }),
  },
  { $id: 'VmNetworkAdapter' },
);

/** A checkpoint; `parentId` is null for the first of a chain. */
export const VmCheckpoint = Type.Object(
  {
    id: Guid,
    parentId: nullable(Guid),
    name: Text,
    type: nullable(oneOf(['Standard', 'Production', 'Recovery', 'Planned', 'Replica', 'Missing'])),
    automatic: Type.Boolean({
      description: 'Taken by Hyper-V when the VM started, and deleted when the VM is turned off.',
    }),
    createdAt: nullable(Timestamp),
    current: Type.Boolean({ description: 'True if the running state is based on this checkpoint.' }),
  },
  { $id: 'VmCheckpoint' },
);

/** An integration service by kind (names are localized on hosts). */
export const VmIntegrationService = Type.Object(
  {
    kind: oneOf(integrationServices),
    enabled: Type.Boolean(),
    status: oneOf(integrationServiceStatuses),
  },
  { $id: 'VmIntegrationService' },
);

/** The guest's report of itself through its integration services. */
export const VmGuest = Type.Object(
  {
    osName: nullable(Text),
    osVersion: nullable(Text),
    hostname: nullable(Text),
  },
  { $id: 'VmGuest' },
);

/**
 * The configured memory in bytes; `startup` is 0 if it could not be read. Minimum, maximum and buffer are null for
 * static memory.
 */
export const VmMemory = Type.Object(
  {
    dynamic: Type.Boolean(),
    startup: Bytes,
    minimum: nullable(Bytes),
    maximum: nullable(Bytes),
    bufferPercent: nullable(Type.Integer({ minimum: 5, maximum: 2000 })),
  },
  { $id: 'VmMemory' },
);

/** The clustered role that contains the VM (root\MSCluster). */
export const VmClusterRole = Type.Object(
  {
    name: Text,
    state: oneOf(['Online', 'Offline', 'Failed', 'PartialOnline', 'Pending', 'Unknown']),
    ownerNode: HostId,
  },
  { $id: 'VmClusterRole' },
);

/**
 * A host's report of one VM. The service determines its identity in the fleet, owner and staleness. Parts that could
 * not be reported are null, empty or missing from their list, and are listed in `problems`.
 */
export const VmFacts = Type.Object({
  vmId: Guid,
  name: Text,
  state: VmStateSchema,
  critical: Type.Boolean({
    description:
      'True if its health is not Ok, which Hyper-V shows as a Critical state. The usual cause is lost storage.',
  }),
  activity: nullable(Type.Object({ kind: oneOf(vmActivities), percent: nullable(Percent) })),
  health: oneOf(vmHealths),
  generation: nullable(Type.Union([Type.Literal(1), Type.Literal(2)])),
  configurationVersion: Type.String({ maxLength: 16 }),
  createdAt: nullable(Timestamp),
  startedAt: nullable(Timestamp),
  notes: Type.String({ maxLength: 8192 }),
  configurationPath: Text,
  processors: Type.Integer({ minimum: 0, maximum: 2048, description: '0 if it could not be read.' }),
  memory: VmMemory,
  disks: Type.Array(VmDisk, { maxItems: 260 }),
  dvdDrives: Type.Array(VmDvdDrive, { maxItems: 260 }),
  networkAdapters: Type.Array(VmNetworkAdapter, { maxItems: 72 }),
  checkpointType: nullable(oneOf(['Disabled', 'Standard', 'Production', 'ProductionOnly'])),
  checkpoints: Type.Array(VmCheckpoint, { maxItems: 64 }),
  integrationServices: Type.Array(VmIntegrationService, { maxItems: 16 }),
  heartbeat: oneOf(integrationServiceStatuses),
  guest: nullable(VmGuest),
  clusterRole: nullable(VmClusterRole),
  replication: nullable(oneOf(['None', 'Primary', 'Replica', 'ExtendedReplica'])),
  automaticStartAction: nullable(oneOf(['Nothing', 'StartIfRunning', 'Start'])),
  automaticStartDelaySeconds: nullable(Type.Integer({ minimum: 0, maximum: 86_400 })),
  automaticStopAction: nullable(oneOf(['TurnOff', 'Save', 'ShutDown'])),
  secureBoot: nullable(Type.Object({ enabled: Type.Boolean(), template: nullable(Text) })),
  tpm: Type.Boolean(),
  bootOrder: nullable(
    Type.Array(Type.Union([DriveId, AdapterId]), {
      maxItems: 512,
      description: 'Ids of drives and adapters, first to last; null for generation 1.',
    }),
  ),
  problems: FactProblems,
});

/** The unique key of each list of a VM; a duplicate violates the contract. */
export const vmUniqueKeys = {
  disks: 'id',
  dvdDrives: 'id',
  networkAdapters: 'id',
  checkpoints: 'id',
  integrationServices: 'kind',
} as const satisfies { readonly [K in keyof VmFacts]?: string };

/** The time since when a row is no longer updated by its host, and the reason. */
export const Staleness = Type.Object(
  {
    since: Timestamp,
    code: Type.String({ maxLength: 64 }),
    message: Text,
  },
  { $id: 'Staleness' },
);

/** The maximum number of addresses in a VM's row. */
export const maxVmAddresses = 8;

/** One VM of the fleet: the host's report, and what only the service can determine. */
export const Vm = Type.Object(
  {
    id: VmId,
    hostId: HostId,
    hostName: Text,
    clusterId: nullable(Guid),
    clusterName: nullable(Text),
    moving: Type.Boolean({ description: 'A clustered VM between two hosts.' }),
    stale: nullable(Staleness),
    conflict: nullable(Conflict),
    addresses: Type.Array(Type.String({ maxLength: 64 }), {
      maxItems: maxVmAddresses,
      description: 'The first addresses of its network adapters.',
    }),
    ...VmFacts.properties,
  },
  { $id: 'Vm' },
);

/** The fields of a VM that lists and events carry. */
export const vmSummaryFields = [
  'id',
  'vmId',
  'name',
  'state',
  'critical',
  'activity',
  'health',
  'heartbeat',
  'hostId',
  'hostName',
  'clusterId',
  'clusterName',
  'clusterRole',
  'moving',
  'stale',
  'conflict',
  'generation',
  'createdAt',
  'startedAt',
  'processors',
  'memory',
  'guest',
  'addresses',
  'replication',
] as const satisfies readonly (keyof Static<typeof Vm>)[];

/** A VM in lists and events, without the parts that `GET /vms/{vmId}` returns. Long texts may be truncated. */
export const VmSummary = Type.Pick(Vm, vmSummaryFields, { $id: 'VmSummary' });

/** One usage sample of a VM, as reported by its host. */
export const VmUsageFacts = Type.Object({
  vmId: Guid,
  sampledAt: Timestamp,
  cpuPercent: Percent,
  memoryAssigned: Bytes,
  memoryDemand: nullable(Bytes),
});

/**
 * One usage sample of a VM under its row id, since two hosts may have VMs with the same GUID. Samples are not
 * versioned, and are sent only to readers that requested them.
 */
export const VmUsage = Type.Object({ ...VmUsageFacts.properties, vmId: VmId }, { $id: 'VmUsage' });

/** A host's report of one VM. */
export type VmFacts = Static<typeof VmFacts>;
/** One VM of the fleet. */
export type Vm = Static<typeof Vm>;
/** A VM in lists and events. */
export type VmSummary = Static<typeof VmSummary>;
/** One usage sample of a VM, as reported by its host. */
export type VmUsageFacts = Static<typeof VmUsageFacts>;
/** One usage sample of a VM under its row id. */
export type VmUsage = Static<typeof VmUsage>;
/** A virtual hard disk. */
export type VmDisk = Static<typeof VmDisk>;
/** A DVD drive. */
export type VmDvdDrive = Static<typeof VmDvdDrive>;
/** A network adapter. */
export type VmNetworkAdapter = Static<typeof VmNetworkAdapter>;
/** A checkpoint. */
export type VmCheckpoint = Static<typeof VmCheckpoint>;
/** An integration service. */
export type VmIntegrationService = Static<typeof VmIntegrationService>;
/** The time since when a row is stale, and the reason. */
export type Staleness = Static<typeof Staleness>;

/** Returns the fields of a VM that lists and events carry. */
export function summaryOfVm(vm: Readonly<Vm>): VmSummary {
  return Object.fromEntries(vmSummaryFields.map((field) => [field, vm[field]])) as VmSummary;
}
