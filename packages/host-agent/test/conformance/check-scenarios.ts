import type { VmEditableSettings } from '@aether-v/types';
import { settingsOf } from './editable-settings.ts';
import { createRequest } from './lifecycle-scenarios.ts';
import type { Scenario, Stage } from './stage.ts';
import { abroad, fleetOf, small } from './worlds.ts';

const gibibyte = 1024 ** 3;
const mebibyte = 1024 ** 2;

const vms = [
  small('OFF', { disksGb: [40, 10] }),
  small('ON', { state: 'Running', disksGb: [20], clustered: true }),
  small('SAVED', { state: 'Saved', disksGb: [20], dvd: null }),
  small('PAUSED', { state: 'Paused', disksGb: [20], network: 'servers' }),
  small('OLD', { state: 'Running', generation: 1, disksGb: [20, 5, 5, 5], network: 'servers' }),
  small('OLDVHD', { state: 'Running', os: 'windows-2008r2', generation: 1, disksGb: [20] }),
  small('FIXED', { disksGb: [20], fixedDisks: true }),
  small('TREE', { disksGb: [20], checkpointType: 'Disabled', checkpoints: [{ name: 'one', ageHours: 9 }] }),
  small('MUTE', { state: 'Running', checkpointType: 'ProductionOnly', disabledServices: ['Vss'] }),
  small('LOST', { state: 'Paused', critical: true, clustered: true, disksGb: [20] }),
  small('BUSY', { state: 'Running', activity: { kind: 'BackingUp', percent: null }, disksGb: [20] }),
  small('TAKEN', {
    state: 'Running',
    activity: { kind: 'CreatingCheckpoint', percent: null },
    disksGb: [20],
  }),
  small('DEEP', { state: 'Hibernated', disksGb: [20], checkpoints: [{ name: 'one', ageHours: 9 }] }),
];
const world = { fleet: fleetOf(vms), hostId: 'n1' };

const everythingWrong = {
  ...createRequest,
  name: 'OFF',
  processors: 65,
  memory: {
    dynamic: true,
    startup: gibibyte,
    minimum: 2 * gibibyte,
    maximum: 4 * gibibyte,
    bufferPercent: 20,
  },
  disks: [
    { sizeBytes: 4_096 * gibibyte, type: 'Fixed' },
    { image: 'moon', sizeBytes: null },
    { image: 'debian-12', sizeBytes: gibibyte },
  ],
  networkAdapters: [
    { network: 'moon', macAddress: '02005E000001' },
    { network: 'servers', macAddress: '02005E000001' },
  ],
  dvd: { iso: 'moon.iso' },
};

const creating: Scenario = {
  name: 'creations with several refusals',
  world,
  play: async (stage) => {
    await stage.call('everything wrong', 'vm.create', everythingWrong);
    await stage.call('on storage that there is not', 'vm.create', {
      ...everythingWrong,
      storageClass: 'moon',
    });
    await stage.call('clustered on a local volume, with too little space', 'vm.create', {
      ...createRequest,
      storageClass: 'Local',
      clustered: true,
      disks: [{ sizeBytes: 4_096 * gibibyte, type: 'Fixed' }],
    });
  },
};

const standAlone: Scenario = {
  name: 'refusals of a host without a cluster',
  world: { fleet: fleetOf([small('A', { disksGb: [10] })], 'S1'), hostId: 's1' },
  play: async (stage) => {
    const { vmId } = stage.vm('A');
    const request = { ...createRequest, storageClass: 'Local', clustered: true, name: 'A' };
    await stage.call('a clustered VM with a name that is taken', 'vm.create', request);
    await stage.call('a role', 'cluster.addVm', { vmId });
    await stage.call('no role', 'cluster.removeVm', { vmId });
    await stage.call('a move', 'cluster.moveVm', { vmId, targetHostId: null });
  },
};

const changing: Scenario = {
  name: 'changes with several refusals',
  world,
  play: async (stage) => {
    const id = (name: string): string => stage.vm(name).vmId;
    await stage.call('settings of a busy VM', 'vm.update', {
      vmId: id('BUSY'),
      changes: { name: 'off', processors: 65, bootOrder: ['scsi-9-9', 'scsi-8-8'] },
    });
    await stage.call('firmware of generation 1', 'vm.update', {
      vmId: id('OLD'),
      changes: { secureBoot: 'off', bootOrder: ['scsi-9-9'], automaticStopAction: 'TurnOff' },
    });
    await stage.call('delete by another name while it runs', 'vm.delete', {
      vmId: id('BUSY'),
      name: 'OTHER',
      force: false,
      deleteDisks: true,
    });
    await stage.call('delete a hibernated VM by force', 'vm.delete', {
      vmId: id('DEEP'),
      name: 'DEEP',
      force: true,
      deleteDisks: true,
    });
    await stage.call('an adapter', 'adapter.add', {
      vmId: id('BUSY'),
      adapter: { network: 'moon', macAddress: stage.vm('OLD').networkAdapters[0]?.macAddress },
    });
    await stage.call('an address', 'adapter.setMac', {
      vmId: id('PAUSED'),
      adapterId: stage.vm('PAUSED').networkAdapters[0]?.id,
      macAddress: stage.vm('OLD').networkAdapters[0]?.macAddress,
    });
    await stage.call('a medium', 'dvd.insert', { vmId: id('PAUSED'), driveId: null, iso: 'moon.iso' });
    await stage.call('a medium in a drive that there is not', 'dvd.insert', {
      vmId: id('PAUSED'),
      driveId: 'scsi-9-9',
      iso: 'moon.iso',
    });
    await stage.call('a move', 'cluster.moveVm', { vmId: id('LOST'), targetHostId: 'moon' });
    await stage.call('a move to where it is', 'cluster.moveVm', { vmId: id('LOST'), targetHostId: 'n1' });
    await stage.call('a role of what has one', 'cluster.addVm', { vmId: id('LOST') });
    await stage.call('a checkpoint', 'checkpoint.create', { vmId: id('TREE'), name: null });
    await stage.call('a checkpoint without the guest', 'checkpoint.create', { vmId: id('MUTE'), name: null });
    await stage.call('a checkpoint of a busy VM', 'checkpoint.create', { vmId: id('BUSY'), name: null });
    await stage.call('a checkpoint of a hibernated VM', 'checkpoint.apply', {
      vmId: id('DEEP'),
      checkpointId: stage.vm('DEEP').checkpoints[0]?.id,
      force: true,
    });
    for (const op of ['vm.start', 'vm.stop', 'vm.restart', 'vm.save'] as const) {
      await stage.call(`${op} while a checkpoint is taken`, op, { vmId: id('TAKEN') });
    }
  },
};

const disks: Scenario = {
  name: 'disks with several refusals, and in states that do not allow a change',
  // A disk that cannot be read may depend on any other one.
  world: { fleet: fleetOf(vms.filter(({ critical }) => !critical)), hostId: 'n1' },
  play: async (stage) => {
    const id = (name: string): string => stage.vm(name).vmId;
    const disk = (name: string, index = 0): Record<string, unknown> => {
      const found = stage.vm(name).disks[index];
      return { vmId: id(name), diskId: found?.id, path: found?.path };
    };
    const empty = { sizeBytes: 4_096 * gibibyte, type: 'Fixed' };
    await stage.call('create for a paused VM', 'disk.create', {
      vmId: id('PAUSED'),
      disk: empty,
      storageClass: null,
    });
    await stage.call('create on a local volume', 'disk.create', {
      vmId: id('ON'),
      disk: { ...empty, sizeBytes: 9_000 * gibibyte },
      storageClass: 'Local',
    });
    await stage.call('create on storage that there is not', 'disk.create', {
      vmId: id('BUSY'),
      disk: { image: 'moon', sizeBytes: null },
      storageClass: 'moon',
    });
    await stage.call('attach what another VM uses', 'disk.attach', {
      vmId: id('SAVED'),
      path: stage.vm('OFF').disks[0]?.path,
    });
    await stage.call('attach an image that others use', 'disk.attach', {
      vmId: id('SAVED'),
      path: 'C:\\ClusterStorage\\V1\\DiskImages\\debian-12.vhdx',
      keep: ['C:\\ClusterStorage\\V1\\DiskImages\\debian-12.vhdx'],
    });
    await stage.call('attach the parent of others', 'disk.attach', {
      vmId: id('SAVED'),
      path: stage.vm('TREE').disks[0]?.parentPath,
    });
    await stage.call('detach an IDE disk while it runs', 'disk.detach', disk('OLD'));
    await stage.call('detach a SCSI disk of generation 1 while it runs', 'disk.detach', disk('OLD', 3));
    await stage.call('detach while it is busy', 'disk.detach', disk('BUSY'));
    await stage.call('delete a disk of a checkpoint', 'disk.delete', disk('TREE'));
    await stage.call('delete a disk that another host uses, of a paused VM', 'disk.delete', {
      ...disk('PAUSED'),
      keep: [stage.vm('PAUSED').disks[0]?.path],
    });
    await stage.call('grow a VHD while it runs', 'disk.grow', {
      ...disk('OLDVHD'),
      sizeBytes: 2_048 * gibibyte,
    });
    await stage.call('grow a fixed disk beyond its volume', 'disk.grow', {
      ...disk('FIXED'),
      sizeBytes: 4_096 * gibibyte,
    });
    await stage.call('grow a disk of a checkpoint to less', 'disk.grow', {
      ...disk('TREE'),
      sizeBytes: gibibyte,
    });
    await stage.call('adapter of generation 1 while it runs', 'adapter.remove', {
      vmId: id('OLD'),
      adapterId: stage.vm('OLD').networkAdapters[0]?.id,
    });
    await stage.call('connect while it is busy', 'adapter.connect', {
      vmId: id('BUSY'),
      adapterId: stage.vm('BUSY').networkAdapters[0]?.id,
      network: null,
      vlanId: null,
    });
  },
};

const expecting: Scenario = {
  name: 'settings that the caller has seen',
  world,
  play: async (stage) => {
    const update = (name: string, vm: string, change: Partial<VmEditableSettings>): Promise<unknown> => {
      const { vmId } = stage.vm(vm);
      const expected = { ...settingsOf(stage.vm(vm)), ...change };
      return stage.call(name, 'vm.update', { vmId, changes: { notes: name }, expected });
    };
    for (const name of ['OFF', 'ON', 'OLD', 'SAVED', 'TREE']) await update(`${name} as it is`, name, {});
    await update('other notes', 'OFF', { notes: 'seen before' });
    await update('another name', 'OFF', { name: 'off' });
    const memory = {
      dynamic: false,
      startup: 512 * mebibyte,
      minimum: null,
      maximum: null,
      bufferPercent: null,
    };
    await update('other memory and processors', 'ON', { memory, processors: 9 });
    await update('another boot order', 'OFF', { bootOrder: ['scsi-0-0'] });
    await update('firmware that it has not', 'OLD', { secureBoot: { enabled: true, template: null } });
    await stage.call('with other refusals', 'vm.update', {
      vmId: stage.vm('ON').vmId,
      changes: { processors: 65 },
      expected: { ...settingsOf(stage.vm('ON')), notes: 'seen before' },
    });
  },
};

const notChecked: Scenario = {
  name: 'what cannot be checked',
  world,
  play: async (stage: Stage) => {
    const check = (name: string, request: unknown, change = {}): Promise<unknown> =>
      stage.call(name, 'operation.check', request, change);
    const start = { op: 'vm.start', request: { vmId: stage.vm('OFF').vmId } };
    await check('before anything was changed', start, { fence: 5 });
    await check('the host', { op: 'host.test', request: {} });
    await check('an operation that there is not', { op: 'vm.explode', request: {} });
    await check('a name of an inherited property', { op: 'constructor', request: {} });
    await check('an operation that changes nothing', { op: 'inventory', request: {} });
    await check('a list', { op: 'checkpoint.list', request: { vmId: stage.vm('OFF').vmId } });
    await check('a check', { op: 'operation.check', request: start });
    await check('a request that does not match', { op: 'vm.start', request: { vmId: 'x' } });
    await check('a request that is null', { op: 'vm.start', request: null });
    await check('no request', { op: 'vm.start' });
    await stage.call('list', 'operation.list', { since: null });
  },
};

/** Operations that are refused for several reasons at once, and checks themselves. */
export const checkScenarios: readonly Scenario[] = [
  ...abroad([creating, standAlone, changing, disks]),
  expecting,
  notChecked,
];
