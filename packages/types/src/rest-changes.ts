import { Type, type Static } from 'typebox';
import { nullable } from './enum.ts';
import { DisplayName, FilePath, VmName } from './names.ts';
import { strict } from './operation-schema.ts';
import { CommandQuery } from './rest-plan.ts';
import { DriveId, HostId, Text, UnicastMac } from './scalars.ts';
import { VmChanges, VmCreateRequest } from './vm-operations.ts';
import { DiskBytes, NewAdapter, NewDisk } from './vm-settings.ts';

const { properties: ofCreation } = VmCreateRequest;
const hostText = { ...Text, minLength: 1 };

/** The body of a creation. Omitted settings have the defaults of their descriptions. */
export const CreateVmRequest = Type.Object(
  {
    name: VmName,
    host: Type.Optional({
      ...hostText,
      description: 'The id or name of a host. If omitted, the service chooses one, of `cluster` if named.',
    }),
    cluster: Type.Optional({ ...hostText, description: 'The id or name of a cluster.' }),
    storageClass: Type.Optional({
      ...DisplayName,
      description:
        'Default: the suitable one with the most free space; shared volumes on nodes of a cluster.',
    }),
    processors: Type.Optional({ ...ofCreation.processors, description: 'Default: 2.' }),
    memory: Type.Optional({ ...ofCreation.memory, description: 'Default: 2 GiB, static.' }),
    secureBoot: Type.Optional({ ...ofCreation.secureBoot, description: 'Default: MicrosoftWindows.' }),
    bootOrder: Type.Optional({
      ...ofCreation.bootOrder,
      description: 'Kinds of devices, first to last; default: disk, dvd, network.',
    }),
    disks: Type.Optional({ ...ofCreation.disks, description: 'Default: none.' }),
    networkAdapters: Type.Optional({ ...ofCreation.networkAdapters, description: 'Default: none.' }),
    dvd: Type.Optional({
      ...ofCreation.dvd,
      description: 'A DVD drive, with an ISO or empty; default: none.',
    }),
    automaticStartAction: Type.Optional({
      ...ofCreation.automaticStartAction,
      description: 'Default: StartIfRunning.',
    }),
    automaticStartDelaySeconds: Type.Optional({
      ...ofCreation.automaticStartDelaySeconds,
      description: 'Default: 0.',
    }),
    automaticStopAction: Type.Optional({ ...ofCreation.automaticStopAction, description: 'Default: Save.' }),
    checkpointType: Type.Optional({ ...ofCreation.checkpointType, description: 'Default: Production.' }),
    notes: Type.Optional({ ...ofCreation.notes, description: 'Default: empty.' }),
    clustered: Type.Optional(
      Type.Boolean({ description: 'Default: true on a shared volume of a cluster, false elsewhere.' }),
    ),
    start: Type.Optional(Type.Boolean({ description: 'Starts the VM after its creation; default: false.' })),
  },
  { ...strict, $id: 'CreateVmRequest' },
);

/** The body of a change of settings; omitted fields are kept. */
export const UpdateVmRequest = Type.Object(VmChanges.properties, { ...strict, $id: 'UpdateVmRequest' });

const deletion = {
  force: Type.Optional(Type.Boolean({ description: 'Turns the VM off first if necessary.' })),
  deleteDisks: Type.Optional(
    Type.Boolean({ description: 'Also deletes its files, except those that others need.' }),
  ),
};

/** The query parameters of `DELETE /vms/{vmId}`. */
export const DeleteVmQuery = Type.Object(
  {
    name: { ...Text, description: 'The name of the VM, as confirmation.' },
    ...deletion,
    ...CommandQuery.properties,
  },
  strict,
);

/** The body of `POST /vms/delete`: a VM by its name or id. */
export const DeleteVmByNameRequest = Type.Object(
  {
    name: { ...Text, description: 'The name of the VM; with `id`, as confirmation.' },
    id: Type.Optional({ ...Text, description: 'The id of the VM, if several have the name.' }),
    host: Type.Optional({
      ...hostText,
      description: 'The id or name of the host of the VM, if several have the name.',
    }),
    ...deletion,
  },
  { ...strict, $id: 'DeleteVmByNameRequest' },
);

/** The body of the creation of a disk. */
export const CreateDiskRequest = Type.Object(
  {
    disk: NewDisk,
    storageClass: Type.Optional(nullable({ ...DisplayName, description: 'Default: the folder of the VM.' })),
  },
  { ...strict, $id: 'CreateDiskRequest' },
);

/** The body of the attachment of a disk. */
export const AttachDiskRequest = Type.Object(
  { path: { ...FilePath, description: 'A virtual disk in a storage class of the host.' } },
  { ...strict, $id: 'AttachDiskRequest' },
);

const expectedPath = {
  ...Text,
  description: 'The file that must be in the slot, because slots are reused.',
};

/** The body of the detachment of a disk. */
export const DetachDiskRequest = Type.Object({ path: expectedPath }, { ...strict, $id: 'DetachDiskRequest' });

/** The body of the growth of a disk. */
export const GrowDiskRequest = Type.Object(
  { path: expectedPath, sizeBytes: { ...DiskBytes, description: 'The new virtual size in bytes.' } },
  { ...strict, $id: 'GrowDiskRequest' },
);

/** The query parameters of the deletion of a disk. */
export const DeleteDiskQuery = Type.Object({ path: expectedPath, ...CommandQuery.properties }, strict);

/** The body of the insertion of a medium. */
export const InsertDvdRequest = Type.Object(
  {
    iso: { ...DisplayName, description: 'The id of an ISO of the host.' },
    driveId: Type.Optional(
      nullable({ ...DriveId, description: 'Default: the first empty drive, or a new one.' }),
    ),
  },
  { ...strict, $id: 'InsertDvdRequest' },
);

/** The body of the ejection of a medium. */
export const EjectDvdRequest = Type.Object(
  {
    driveId: DriveId,
    path: Type.Optional({ ...Text, description: 'The medium that must be in the drive.' }),
  },
  { ...strict, $id: 'EjectDvdRequest' },
);

/** The body of the addition of a network adapter. */
export const AddAdapterRequest = Type.Object(NewAdapter.properties, { ...strict, $id: 'AddAdapterRequest' });

/** The body of a change of an adapter's network. */
export const ConnectAdapterRequest = Type.Object(
  {
    network: nullable({
      ...DisplayName,
      description: 'A network of the host; null disconnects the adapter.',
    }),
    vlanId: Type.Optional(
      nullable(
        Type.Integer({
          minimum: 1,
          maximum: 4094,
          description: 'In place of the VLAN of the network; default: that of the network.',
        }),
      ),
    ),
  },
  { ...strict, $id: 'ConnectAdapterRequest' },
);

/** The body of a change of an adapter's MAC address. */
export const SetMacRequest = Type.Object(
  { macAddress: nullable({ ...UnicastMac, description: 'Null for a dynamic address of the host.' }) },
  { ...strict, $id: 'SetMacRequest' },
);

/** The body of the creation of a checkpoint. */
export const CreateCheckpointRequest = Type.Object(
  {
    name: Type.Optional(
      nullable({ ...DisplayName, description: 'Default: the name of the VM and the time, by Hyper-V.' }),
    ),
  },
  { ...strict, $id: 'CreateCheckpointRequest' },
);

/** The body of the application of a checkpoint. */
export const ApplyCheckpointRequest = Type.Object(
  { force: Type.Optional(Type.Boolean({ description: 'Turns the VM off first if necessary.' })) },
  { ...strict, $id: 'ApplyCheckpointRequest' },
);

/** The body of the renaming of a checkpoint. */
export const RenameCheckpointRequest = Type.Object(
  { name: DisplayName },
  { ...strict, $id: 'RenameCheckpointRequest' },
);

/** The query parameters of the deletion of a checkpoint. */
export const DeleteCheckpointQuery = Type.Object(
  {
    subtree: Type.Optional(Type.Boolean({ description: 'Also deletes its descendants.' })),
    ...CommandQuery.properties,
  },
  strict,
);

/** The body of a move within a cluster. */
export const MoveVmRequest = Type.Object(
  { targetHostId: nullable({ ...HostId, description: 'Null: the node with the fewest roles.' }) },
  { ...strict, $id: 'MoveVmRequest' },
);

/** The body of a creation. */
export type CreateVmRequest = Static<typeof CreateVmRequest>;
/** The body of a change of settings. */
export type UpdateVmRequest = Static<typeof UpdateVmRequest>;
/** The query parameters of `DELETE /vms/{vmId}`. */
export type DeleteVmQuery = Static<typeof DeleteVmQuery>;
/** The body of `POST /vms/delete`. */
export type DeleteVmByNameRequest = Static<typeof DeleteVmByNameRequest>;
/** The body of the creation of a disk. */
export type CreateDiskRequest = Static<typeof CreateDiskRequest>;
/** The body of the attachment of a disk. */
export type AttachDiskRequest = Static<typeof AttachDiskRequest>;
/** The body of the detachment of a disk. */
export type DetachDiskRequest = Static<typeof DetachDiskRequest>;
/** The body of the growth of a disk. */
export type GrowDiskRequest = Static<typeof GrowDiskRequest>;
/** The query parameters of the deletion of a disk. */
export type DeleteDiskQuery = Static<typeof DeleteDiskQuery>;
/** The body of the insertion of a medium. */
export type InsertDvdRequest = Static<typeof InsertDvdRequest>;
/** The body of the ejection of a medium. */
export type EjectDvdRequest = Static<typeof EjectDvdRequest>;
/** The body of the addition of a network adapter. */
export type AddAdapterRequest = Static<typeof AddAdapterRequest>;
/** The body of a change of an adapter's network. */
export type ConnectAdapterRequest = Static<typeof ConnectAdapterRequest>;
/** The body of a change of an adapter's MAC address. */
export type SetMacRequest = Static<typeof SetMacRequest>;
/** The body of the creation of a checkpoint. */
export type CreateCheckpointRequest = Static<typeof CreateCheckpointRequest>;
/** The body of the application of a checkpoint. */
export type ApplyCheckpointRequest = Static<typeof ApplyCheckpointRequest>;
/** The body of the renaming of a checkpoint. */
export type RenameCheckpointRequest = Static<typeof RenameCheckpointRequest>;
/** The query parameters of the deletion of a checkpoint. */
export type DeleteCheckpointQuery = Static<typeof DeleteCheckpointQuery>;
/** The body of a move within a cluster. */
export type MoveVmRequest = Static<typeof MoveVmRequest>;
