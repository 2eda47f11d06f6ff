import type { Scenario, Stage } from './stage.ts';
import { fleetOf, small } from './worlds.ts';

const nowhere = '8f14e45f-ceea-467f-a9c5-0f1b2c3d4e5f';

const world = {
  fleet: fleetOf([
    small('OFF', { disksGb: [40, 10] }),
    small('ON', { state: 'Running', disksGb: [20] }),
    small('NONE', { disksGb: [10], checkpointType: 'Disabled' }),
    small('TREE', {
      disksGb: [40],
      checkpoints: [
        { name: 'one', ageHours: 9 },
        { name: 'two', ageHours: 8 },
        { name: 'three', ageHours: 7 },
      ],
    }),
  ]),
  hostId: 'n1',
};

function checkpoint(stage: Stage, vm: string, name: string): { vmId: string; checkpointId: string } {
  const { vmId, checkpoints } = stage.vm(vm);
  return { vmId, checkpointId: checkpoints.find((one) => one.name === name)?.id ?? nowhere };
}

const making: Scenario = {
  name: 'taking checkpoints',
  world,
  play: async (stage) => {
    const vmId = stage.vm('OFF').vmId;
    const create = stage.envelope('checkpoint.create', { vmId, name: 'before "the update"; $(x)' });
    await stage.send('named', create);
    await stage.send('the same again', create);
    await stage.call('while it runs', 'checkpoint.create', { vmId: stage.vm('ON').vmId, name: 'live' });
    await stage.call('a second one', 'checkpoint.create', { vmId, name: 'second' });
    await stage.call('where there are none', 'checkpoint.create', {
      vmId: stage.vm('NONE').vmId,
      name: 'x',
    });
    await stage.call('of no VM', 'checkpoint.create', { vmId: nowhere, name: null });
    await stage.call('list', 'checkpoint.list', { vmId });
    await stage.call('list of none', 'checkpoint.list', { vmId: stage.vm('NONE').vmId });
    await stage.call('list of no VM', 'checkpoint.list', { vmId: nowhere });
    await stage.call('inventory', 'inventory');
  },
};

const applying: Scenario = {
  name: 'going back to checkpoints',
  world,
  play: async (stage) => {
    const apply = stage.envelope('checkpoint.apply', { ...checkpoint(stage, 'TREE', 'one'), force: false });
    await stage.send('off', apply);
    await stage.send('off again', apply);
    await stage.call('branch', 'checkpoint.create', { vmId: stage.vm('TREE').vmId, name: 'branch' });
    await stage.call('list', 'checkpoint.list', { vmId: stage.vm('TREE').vmId });
    await stage.call('take', 'checkpoint.create', { vmId: stage.vm('ON').vmId, name: 'live' });
    const live = checkpoint(stage, 'ON', 'live');
    await stage.call('while it runs', 'checkpoint.apply', { ...live, force: false });
    await stage.call('while it runs, forced', 'checkpoint.apply', { ...live, force: true });
    await stage.call('that there is not', 'checkpoint.apply', {
      ...live,
      checkpointId: nowhere,
      force: false,
    });
    await stage.call('inventory', 'inventory');
  },
};

const changing: Scenario = {
  name: 'renaming and deleting checkpoints',
  world,
  play: async (stage) => {
    const two = checkpoint(stage, 'TREE', 'two');
    const rename = stage.envelope('checkpoint.rename', { ...two, name: 'zwei ü' });
    await stage.send('rename', rename);
    await stage.send('rename again', rename);
    await stage.call('list of renamed', 'checkpoint.list', { vmId: two.vmId });
    await stage.call('rename to what is no name', 'checkpoint.rename', { ...two, name: 'zwei 🙂' });
    await stage.call('rename what there is not', 'checkpoint.rename', {
      ...two,
      checkpointId: nowhere,
      name: 'x',
    });
    const one = stage.envelope('checkpoint.delete', { ...two, subtree: false });
    await stage.send('the one in the middle', one);
    await stage.send('the one in the middle again', one);
    await stage.call('what is gone', 'checkpoint.delete', { ...two, subtree: false });
    await stage.call('list', 'checkpoint.list', { vmId: two.vmId });
    await stage.call('with all below it', 'checkpoint.delete', {
      ...checkpoint(stage, 'TREE', 'one'),
      subtree: true,
    });
    await stage.call('inventory', 'inventory');
  },
};

const linked: Scenario = {
  name: 'checkpoints above a disk that another one stands on',
  world,
  play: async (stage) => {
    const { files, drives } = stage.side.engine.steps('n1');
    const base = stage.vm('TREE').disks[0]?.path.replace(/_[0-9A-F-]{36}\.avhdx$/i, '.vhdx') ?? '';
    const path = 'C:\\ClusterStorage\\V1\\linked.vhdx';
    files.newVhd({ path, sizeBytes: 0, type: 'Dynamic', parentPath: base });
    stage.side.time.pass(120_000);
    const one = checkpoint(stage, 'TREE', 'one');
    const { vmId } = one;
    await stage.call('below a disk', 'checkpoint.delete', { ...one, subtree: true });
    drives.addHardDiskDrive(stage.vm('OFF').vmId, path);
    await stage.call('below a VM', 'checkpoint.delete', { ...one, subtree: false });
    const all = { vmId, name: 'TREE', force: false, deleteDisks: true };
    await stage.call('of a VM that is to go', 'vm.delete', all);
    await stage.call('inventory', 'inventory');
  },
};

const cancelled: Scenario = {
  name: 'a checkpoint that is cancelled',
  world,
  play: async (stage) => {
    const { vmId } = stage.vm('OFF');
    await stage.cancel('create', stage.envelope('checkpoint.create', { vmId, name: 'x' }));
    await stage.call('inventory', 'inventory');
  },
};

/** Checkpoints of VMs. */
export const checkpointScenarios: readonly Scenario[] = [making, applying, changing, linked, cancelled];
