import type { Scenario } from './stage.ts';
import { fleetOf, small } from './worlds.ts';

const nowhere = '8f14e45f-ceea-467f-a9c5-0f1b2c3d4e5f';

const world = {
  fleet: fleetOf([
    small('OFF', { disksGb: [40] }),
    small('ON', { state: 'Running', disksGb: [20], clustered: true, memoryGb: 8 }),
    small("O'NEIL", { disksGb: [10], clustered: true }),
  ]),
  hostId: 'n1',
};

const roles: Scenario = {
  name: 'clustered roles',
  world,
  play: async (stage) => {
    const vmId = stage.vm('OFF').vmId;
    const add = stage.envelope('cluster.addVm', { vmId });
    await stage.send('add', add);
    await stage.send('add again', add);
    await stage.call('add what is one', 'cluster.addVm', { vmId });
    await stage.call('add no VM', 'cluster.addVm', { vmId: nowhere });
    const remove = stage.envelope('cluster.removeVm', { vmId: stage.vm("O'NEIL").vmId });
    await stage.send('remove', remove);
    await stage.send('remove again', remove);
    await stage.call('remove what is none', 'cluster.removeVm', { vmId: stage.vm("O'NEIL").vmId });
    await stage.call('remove no VM', 'cluster.removeVm', { vmId: nowhere });
    await stage.call('a disk that others do not see', 'disk.create', {
      vmId: stage.vm("O'NEIL").vmId,
      disk: { sizeBytes: 1024 ** 3, type: 'Dynamic' },
      storageClass: 'Local',
    });
    await stage.call('add with that disk', 'cluster.addVm', { vmId: stage.vm("O'NEIL").vmId });
    await stage.call('inventory', 'inventory');
  },
};

const alone: Scenario = {
  name: 'roles on a host without a cluster',
  world: { fleet: fleetOf([small('A')], 'S1'), hostId: 's1' },
  play: async (stage) => {
    const { vmId } = stage.vm('A');
    await stage.call('add', 'cluster.addVm', { vmId });
    await stage.call('remove', 'cluster.removeVm', { vmId });
    await stage.call('move', 'cluster.moveVm', { vmId, targetHostId: null });
  },
};

const moving: Scenario = {
  name: 'moving clustered VMs',
  world,
  play: async (stage) => {
    const on = stage.vm('ON').vmId;
    const other = stage.vm("O'NEIL").vmId;
    await stage.call('where it is', 'cluster.moveVm', { vmId: on, targetHostId: 'n1' });
    await stage.call('to another cluster', 'cluster.moveVm', { vmId: on, targetHostId: 's1' });
    await stage.call('to no host', 'cluster.moveVm', { vmId: on, targetHostId: 'moon' });
    await stage.call('what is no role', 'cluster.moveVm', {
      vmId: stage.vm('OFF').vmId,
      targetHostId: 'n2',
    });
    await stage.call('no VM', 'cluster.moveVm', { vmId: nowhere, targetHostId: null });
    const move = stage.envelope('cluster.moveVm', { vmId: on, targetHostId: 'n2' });
    await stage.send('live', move);
    await stage.send('live again', move);
    await stage.call('off, wherever', 'cluster.moveVm', { vmId: other, targetHostId: null });
    await stage.call('inventory', 'inventory');
  },
};

const cancelled: Scenario = {
  name: 'a move that is cancelled',
  world,
  play: async (stage) => {
    const { vmId } = stage.vm('ON');
    const move = stage.envelope('cluster.moveVm', { vmId, targetHostId: 'n2' });
    await stage.cancel('move', move, { afterMs: 1_000 });
    await stage.call('inventory', 'inventory');
  },
};

/** Clustered roles. */
export const clusterScenarios: readonly Scenario[] = [roles, alone, moving, cancelled];
