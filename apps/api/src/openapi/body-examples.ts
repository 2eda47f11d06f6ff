import type { TObject } from 'typebox';

/** An example of a body, with its title. */
export interface BodyExample {
  readonly summary: string;
  readonly value: object;
}

const gibibyte = 1024 ** 3;
const diskPath = 'C:\\ClusterStorage\\CSV01\\APP-07\\Virtual Hard Disks\\APP-07-disk1.vhdx';
const hostId = 'hv-02';

/** Examples of request bodies, by the `$id` of their schema. */
const examples: Readonly<Record<string, readonly BodyExample[]>> = {
  CreateVmRequest: [
    {
      summary: 'A Linux VM from an image, on a node of a cluster that the service chooses',
      value: {
        name: 'APP-07',
        cluster: 'CL-01',
        processors: 4,
        memory: { dynamic: false, startup: 8 * gibibyte },
        secureBoot: 'MicrosoftUEFICertificateAuthority',
        disks: [
          { image: 'debian-12', sizeBytes: 40 * gibibyte },
          { sizeBytes: 100 * gibibyte, type: 'Dynamic' },
        ],
        networkAdapters: [{ network: 'servers', macAddress: null }],
        start: true,
      },
    },
    {
      summary: 'An empty VM on a named host, to be installed from an ISO',
      value: {
        name: 'APP-08',
        host: 'HV-LAB',
        disks: [{ sizeBytes: 60 * gibibyte, type: 'Dynamic' }],
        dvd: { iso: 'en-us_windows_server_2025.iso' },
        bootOrder: ['dvd', 'disk', 'network'],
      },
    },
    { summary: 'A VM with defaults, on any host', value: { name: 'APP-09' } },
  ],
  UpdateVmRequest: [
    {
      summary: 'Settings that change while the VM runs',
      value: { notes: 'Web server of the shop', checkpointType: 'ProductionOnly' },
    },
    {
      summary: 'Settings for which the VM must be off',
      value: { processors: 8, memory: { dynamic: false, startup: 16 * gibibyte } },
    },
  ],
  DeleteVmByNameRequest: [
    { summary: 'By name, with its disks', value: { name: 'APP-07', deleteDisks: true } },
    {
      summary: 'One of several VMs with the name, also if it runs',
      value: { name: 'APP-07', host: 'HV-02', force: true },
    },
    {
      summary: 'By id, with the name as confirmation',
      value: { id: '6f9b1b0c-54a5-4f0e-9c1e-2f6f8a4de1c2', name: 'APP-07' },
    },
  ],
  ShutdownRequest: [{ summary: 'Even if users are signed in to the guest', value: { force: true } }],
  CreateDiskRequest: [
    {
      summary: 'An empty disk in the folder of the VM',
      value: { disk: { sizeBytes: 100 * gibibyte, type: 'Dynamic' } },
    },
    {
      summary: 'A copy of an image in a storage class',
      value: { disk: { image: 'debian-12', sizeBytes: null }, storageClass: 'CSV01' },
    },
  ],
  AttachDiskRequest: [{ summary: 'An existing file', value: { path: diskPath } }],
  DetachDiskRequest: [{ summary: 'The file that is expected in the slot', value: { path: diskPath } }],
  GrowDiskRequest: [{ summary: 'To 200 GiB', value: { path: diskPath, sizeBytes: 200 * gibibyte } }],
  InsertDvdRequest: [
    {
      summary: 'Into the first empty drive, or a new one',
      value: { iso: 'ubuntu-24.04.2-live-server-amd64.iso' },
    },
  ],
  EjectDvdRequest: [{ summary: 'Whatever is in the drive', value: { driveId: 'scsi-0-1' } }],
  AddAdapterRequest: [
    { summary: 'With a dynamic MAC address', value: { network: 'servers', macAddress: null } },
  ],
  ConnectAdapterRequest: [
    { summary: 'To a network, with its VLAN', value: { network: 'servers' } },
    { summary: 'To a network, with another VLAN', value: { network: 'servers', vlanId: 120 } },
    { summary: 'Disconnected', value: { network: null } },
  ],
  SetMacRequest: [
    { summary: 'A fixed address', value: { macAddress: '00155D0A0B0C' } },
    { summary: 'A dynamic address of the host', value: { macAddress: null } },
  ],
  CreateCheckpointRequest: [{ summary: 'With a name', value: { name: 'before the update' } }],
  ApplyCheckpointRequest: [{ summary: 'Of a VM that runs', value: { force: true } }],
  RenameCheckpointRequest: [{ summary: 'A new name', value: { name: 'after the update' } }],
  MoveVmRequest: [
    { summary: 'To a node', value: { targetHostId: hostId } },
    { summary: 'To the node with the fewest roles', value: { targetHostId: null } },
  ],
  BulkRequest: [
    {
      summary: 'Two VMs shut down',
      value: {
        command: 'vm.shutdown',
        vms: [
          { vmId: '6f9b1b0c-54a5-4f0e-9c1e-2f6f8a4de1c2' },
          { vmId: '0f6b54f2-9c52-4a54-8d0c-7f0a4d1f33b9' },
        ],
      },
    },
    {
      summary: 'A VM deleted with its disks, its name as confirmation',
      value: {
        command: 'vm.delete',
        vms: [{ vmId: '6f9b1b0c-54a5-4f0e-9c1e-2f6f8a4de1c2', name: 'APP-07' }],
        deleteDisks: true,
      },
    },
  ],
};

/** Returns the examples of a body; none if its schema has none. */
export function bodyExamples(schema: TObject): readonly BodyExample[] {
  const { $id: id = '' } = schema as { readonly $id?: string };
  return examples[id] ?? [];
}
