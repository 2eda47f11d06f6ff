import { demoFleet } from '@aether-v/hyperv-sim/engine';
import { isCopying, type Scenario } from './stage.ts';
import { abroad, fleetOf, small } from './worlds.ts';

const mebibyte = 1024 ** 2;
const gibibyte = 1024 ** 3;

/** A request that a host of `fleetOf` can carry out. */
export const createRequest = {
  name: 'NEW-01',
  generation: 2,
  processors: 2,
  memory: {
    dynamic: true,
    startup: 1024 * mebibyte,
    minimum: 512 * mebibyte,
    maximum: 4096 * mebibyte,
    bufferPercent: 25,
  },
  secureBoot: 'MicrosoftUEFICertificateAuthority',
  bootOrder: ['dvd', 'disk'],
  automaticStartAction: 'Start',
  automaticStartDelaySeconds: 30,
  automaticStopAction: 'ShutDown',
  checkpointType: 'ProductionOnly',
  notes: 'Made by "ann": Grüße 🙂\nsecond line',
  storageClass: 'V1',
  disks: [
    { image: 'debian-12', sizeBytes: 20 * gibibyte },
    { sizeBytes: 10 * gibibyte, type: 'Dynamic' },
  ],
  networkAdapters: [
    { network: 'servers', macAddress: null },
    { network: null, macAddress: '02005E000001' },
  ],
  dvd: { iso: 'ubuntu-24.04.2-live-server-amd64.iso' },
  clustered: true,
  start: false,
} as const;

const world = {
  fleet: fleetOf([small('OLD', { clustered: true }), small('ON', { state: 'Running', clustered: true })]),
  hostId: 'n1',
};

const resources: readonly Scenario[] = ['hv-01', 'hv-lab'].map((hostId) => ({
  name: `resources of ${hostId}`,
  world: { fleet: demoFleet, hostId },
  play: async (stage) => {
    await stage.call('resources', 'host.resources');
  },
}));

const creating: Scenario = {
  name: 'creating a VM',
  world,
  play: async (stage) => {
    const create = stage.envelope('vm.create', createRequest);
    const { id } = JSON.parse(create) as { id: string };
    await stage.send('create', create);
    await stage.send('the same again', create);
    await stage.call('status', 'operation.status', { operationId: id });
    await stage.call('another of that name', 'vm.create', { ...createRequest, clustered: false });
    await stage.call('that starts', 'vm.create', {
      ...createRequest,
      name: 'NEW-02',
      memory: { dynamic: false, startup: 512 * mebibyte },
      secureBoot: 'off',
      bootOrder: [],
      disks: [{ sizeBytes: 5 * gibibyte, type: 'Fixed' }],
      networkAdapters: [],
      dvd: null,
      clustered: false,
      start: true,
    });
    await stage.call('without anything', 'vm.create', {
      ...createRequest,
      name: 'NEW-03',
      storageClass: 'Local',
      disks: [],
      networkAdapters: [],
      dvd: { iso: null },
      clustered: false,
    });
    await stage.call('inventory', 'inventory');
  },
};

const refused: Readonly<Record<string, Record<string, unknown>>> = {
  'a storage class that there is not': { storageClass: 'V9' },
  'an image that there is not': { disks: [{ image: 'windows-95', sizeBytes: null }] },
  'a network that there is not': { networkAdapters: [{ network: 'moon', macAddress: null }] },
  'an ISO that there is not': { dvd: { iso: 'moon.iso' } },
  'a disk smaller than its image': { disks: [{ image: 'debian-12', sizeBytes: 1024 * mebibyte }] },
  'memory whose bounds do not fit': {
    memory: { ...createRequest.memory, minimum: 2048 * mebibyte },
  },
  'more than there is room for': { disks: [{ sizeBytes: 1_000 * gibibyte, type: 'Fixed' }] },
  'a clustered VM on a local disk': { storageClass: 'Local' },
  'more processors than there are': { processors: 65 },
  'an address that another adapter has': {
    networkAdapters: [
      { network: null, macAddress: '02005E000009' },
      { network: null, macAddress: '02005E000009' },
    ],
  },
  'a name that another VM has': { name: 'old' },
};

const notCreating: Scenario = {
  name: 'VMs that are not created leave nothing',
  world,
  play: async (stage) => {
    for (const [name, change] of Object.entries(refused)) {
      await stage.call(name, 'vm.create', { ...createRequest, ...change });
    }
    await stage.call('resources', 'host.resources');
    await stage.call('inventory', 'inventory');
  },
};

const deleting: Scenario = {
  name: 'deleting VMs',
  world: {
    fleet: fleetOf([
      small('OFF', { clustered: true, disksGb: [40, 10] }),
      small('KEPT', { disksGb: [40] }),
      small('ON', { state: 'Running', disksGb: [40] }),
      small('FORCED', { state: 'Running', disksGb: [40], dvd: 'C:\\ClusterStorage\\V1\\ISO\\tools.iso' }),
      small('CHAIN', { disksGb: [40], checkpoints: [{ name: 'one', ageHours: 9 }] }),
    ]),
    hostId: 'n1',
  },
  play: async (stage) => {
    const target = (name: string): { vmId: string; name: string; force: boolean; deleteDisks: boolean } => ({
      vmId: stage.vm(name).vmId,
      name,
      force: false,
      deleteDisks: true,
    });
    const off = stage.envelope('vm.delete', target('OFF'));
    await stage.call('by another name', 'vm.delete', { ...target('OFF'), name: 'off' });
    await stage.send('off', off);
    await stage.send('off again', off);
    await stage.call('without its disks', 'vm.delete', { ...target('KEPT'), deleteDisks: false });
    await stage.call('while it runs', 'vm.delete', target('ON'));
    await stage.call('while it runs, forced', 'vm.delete', { ...target('FORCED'), force: true });
    await stage.call('with a checkpoint', 'vm.delete', target('CHAIN'));
    await stage.call('that is not there', 'vm.delete', {
      vmId: '8f14e45f-ceea-467f-a9c5-0f1b2c3d4e5f',
      name: 'x',
      force: false,
      deleteDisks: true,
    });
    await stage.call('resources', 'host.resources');
    await stage.call('list', 'operation.list', { since: null });
  },
};

const cancelled: Scenario = {
  name: 'a creation that is cancelled',
  world,
  play: async (stage) => {
    await stage.cancel('create', stage.envelope('vm.create', createRequest), { at: isCopying });
    await stage.call('resources', 'host.resources');
    await stage.call('inventory', 'inventory');
  },
};

/** VMs from their making to their end. */
export const lifecycleScenarios: readonly Scenario[] = abroad([
  ...resources,
  creating,
  notCreating,
  deleting,
  cancelled,
]);
