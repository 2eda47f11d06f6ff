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

/** The request body for creating a VM. Omitted settings have the defaults that their descriptions state. */
export const CreateVmRequest = Type.Object(
  {
    name: VmName,
    host: Type.Optional({
      ...hostText,
      description:
        'The id or name of a host. If omitted, the service chooses one, in `cluster` if that is given.',
    }),
    cluster: Type.Optional({ ...hostText, description: 'The id or name of a cluster.' }),
    storageClass: Type.Optional({
      ...DisplayName,
      description:
        'Default: the suitable storage class with the most free space; on a cluster node, a shared volume.',
    }),
    processors: Type.Optional({ ...ofCreation.processors, description: 'Default: 2.' }),
    memory: Type.Optional({ ...ofCreation.memory, description: 'Default: 2 GiB, static.' }),
    secureBoot: Type.Optional({ ...ofCreation.secureBoot, description: 'Default: MicrosoftWindows.' }),
    bootOrder: Type.Optional({
      ...ofCreation.bootOrder,
      description: 'Kinds of devices in boot order; default: disk, dvd, network.',
    }),
    disks: Type.Optional({ ...ofCreation.disks, description: 'Default: none.' }),
    networkAdapters: Type.Optional({ ...ofCreation.networkAdapters, description: 'Default: none.' }),
    dvd: Type.Optional({
      ...ofCreation.dvd,
      description: 'A DVD drive, with an ISO image or empty; default: none.',
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
    start: Type.Optional(Type.Boolean({ description: 'Starts the VM after creating it; default: false.' })),
  },
  { ...strict, $id: 'CreateVmRequest' },
);

/** The request body for changing the settings of a VM. Omitted settings are kept. */
export const UpdateVmRequest = Type.Object(VmChanges.properties, { ...strict, $id: 'UpdateVmRequest' });

const deletion = {
  force: Type.Optional(Type.Boolean({ description: 'Turns the VM off first, if necessary.' })),
  deleteDisks: Type.Optional(
    Type.Boolean({ description: 'Also deletes the files of the VM, except those that other VMs need.' }),
  ),
};

/** The query parameters of `DELETE /vms/{vmId}`. */
export const DeleteVmQuery = Type.Object(
  {
    name: { ...Text, description: 'The name of the VM, as a confirmation.' },
    ...deletion,
    ...CommandQuery.properties,
  },
  strict,
);

/** The request body of `POST /vms/delete`: a VM by its name or id. */
export const DeleteVmByNameRequest = Type.Object(
  {
    name: { ...Text, description: 'The name of the VM; with `id`, it is a confirmation.' },
    id: Type.Optional({ ...Text, description: 'The id of the VM, if several VMs have the name.' }),
    host: Type.Optional({
      ...hostText,
      description: 'The id or name of the host of the VM, if several VMs have the name.',
    }),
    ...deletion,
  },
  { ...strict, $id: 'DeleteVmByNameRequest' },
);

/** The request body for creating a disk. */
export const CreateDiskRequest = Type.Object(
  {
    disk: NewDisk,
    storageClass: Type.Optional(nullable({ ...DisplayName, description: 'Default: the folder of the VM.' })),
  },
  { ...strict, $id: 'CreateDiskRequest' },
);

/** The request body for attaching a disk. */
export const AttachDiskRequest = Type.Object(
  { path: { ...FilePath, description: 'The path of a virtual disk in a storage class of the host.' } },
  { ...strict, $id: 'AttachDiskRequest' },
);

const expectedPath = {
  ...Text,
  description: 'The file that must be in the slot. Slots are reused, so the id alone is ambiguous.',
};

/** The request body for detaching a disk. */
export const DetachDiskRequest = Type.Object({ path: expectedPath }, { ...strict, $id: 'DetachDiskRequest' });

/** The request body for growing a disk. */
export const GrowDiskRequest = Type.Object(
  { path: expectedPath, sizeBytes: { ...DiskBytes, description: 'The new virtual size in bytes.' } },
  { ...strict, $id: 'GrowDiskRequest' },
);

/** The query parameters for deleting a disk. */
export const DeleteDiskQuery = Type.Object({ path: expectedPath, ...CommandQuery.properties }, strict);

/** The request body for inserting a medium. */
export const InsertDvdRequest = Type.Object(
  {
    iso: { ...DisplayName, description: 'The id of an ISO image on the host.' },
    driveId: Type.Optional(
      nullable({ ...DriveId, description: 'Default: the first empty drive, or a new one.' }),
    ),
  },
  { ...strict, $id: 'InsertDvdRequest' },
);

/** The request body for ejecting a medium. */
export const EjectDvdRequest = Type.Object(
  {
    driveId: DriveId,
    path: Type.Optional({ ...Text, description: 'The medium that must be in the drive.' }),
  },
  { ...strict, $id: 'EjectDvdRequest' },
);

/** The request body for adding a network adapter. */
export const AddAdapterRequest = Type.Object(NewAdapter.properties, { ...strict, $id: 'AddAdapterRequest' });

/** The request body for connecting a network adapter or disconnecting it. */
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
          description: 'Overrides the VLAN of the network; default: the VLAN of the network.',
        }),
      ),
    ),
  },
  { ...strict, $id: 'ConnectAdapterRequest' },
);

/** The request body for setting the MAC address of an adapter. */
export const SetMacRequest = Type.Object(
  {
    macAddress: nullable({
      ...UnicastMac,
      description: 'Null for a dynamic address, which the host assigns.',
    }),
  },
  { ...strict, $id: 'SetMacRequest' },
);

/** The request body for taking a checkpoint. */
export const CreateCheckpointRequest = Type.Object(
  {
    name: Type.Optional(
      nullable({ ...DisplayName, description: 'Default: Hyper-V names it after the VM and the time.' }),
    ),
  },
  { ...strict, $id: 'CreateCheckpointRequest' },
);

/** The request body for applying a checkpoint. */
export const ApplyCheckpointRequest = Type.Object(
  { force: Type.Optional(Type.Boolean({ description: 'Turns the VM off first, if necessary.' })) },
  { ...strict, $id: 'ApplyCheckpointRequest' },
);

/** The request body for renaming a checkpoint. */
export const RenameCheckpointRequest = Type.Object(
  { name: DisplayName },
  { ...strict, $id: 'RenameCheckpointRequest' },
);

/** The query parameters for deleting a checkpoint. */
export const DeleteCheckpointQuery = Type.Object(
  {
    subtree: Type.Optional(Type.Boolean({ description: 'Also deletes the descendants of the checkpoint.' })),
    ...CommandQuery.properties,
  },
  strict,
);

/** The request body for moving a VM within its cluster. */
export const MoveVmRequest = Type.Object(
  { targetHostId: nullable({ ...HostId, description: 'Null for the node with the fewest roles.' }) },
  { ...strict, $id: 'MoveVmRequest' },
);

/** The request body for creating a VM. */
export type CreateVmRequest = Static<typeof CreateVmRequest>;
/** The request body for changing the settings of a VM. */
export type UpdateVmRequest = Static<typeof UpdateVmRequest>;
/** The query parameters of `DELETE /vms/{vmId}`. */
export type DeleteVmQuery = Static<typeof DeleteVmQuery>;
/** The request body of `POST /vms/delete`. */
export type DeleteVmByNameRequest = Static<typeof DeleteVmByNameRequest>;
/** The request body for creating a disk. */
export type CreateDiskRequest = Static<typeof CreateDiskRequest>;
/** The request body for attaching a disk. */
export type AttachDiskRequest = Static<typeof AttachDiskRequest>;
/** The request body for detaching a disk. */
export type DetachDiskRequest = Static<typeof DetachDiskRequest>;
/** The request body for growing a disk. */
export type GrowDiskRequest = Static<typeof GrowDiskRequest>;
/** The query parameters for deleting a disk. */
export type DeleteDiskQuery = Static<typeof DeleteDiskQuery>;
/** The request body for inserting a medium. */
export type InsertDvdRequest = Static<typeof InsertDvdRequest>;
/** The request body for ejecting a medium. */
export type EjectDvdRequest = Static<typeof EjectDvdRequest>;
/** The request body for adding a network adapter. */
export type AddAdapterRequest = Static<typeof AddAdapterRequest>;
/** The request body for connecting a network adapter or disconnecting it. */
export type ConnectAdapterRequest = Static<typeof ConnectAdapterRequest>;
/** The request body for setting the MAC address of an adapter. */
export type SetMacRequest = Static<typeof SetMacRequest>;
/** The request body for taking a checkpoint. */
export type CreateCheckpointRequest = Static<typeof CreateCheckpointRequest>;
/** The request body for applying a checkpoint. */
export type ApplyCheckpointRequest = Static<typeof ApplyCheckpointRequest>;
/** The request body for renaming a checkpoint. */
export type RenameCheckpointRequest = Static<typeof RenameCheckpointRequest>;
/** The query parameters for deleting a checkpoint. */
export type DeleteCheckpointQuery = Static<typeof DeleteCheckpointQuery>;
/** The request body for moving a VM within its cluster. */
export type MoveVmRequest = Static<typeof MoveVmRequest>;
