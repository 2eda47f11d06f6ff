import { describe, expect, test } from 'vitest';
import { EngineError } from '../src/engine/index.ts';
import { Lifecycle, plainVm } from './lifecycle.ts';

async function scene(start = false): Promise<{
  readonly life: Lifecycle;
  readonly vmId: string;
  readonly first: string;
  readonly second: string;
}> {
  const life = new Lifecycle();
  const { vm, adapterIds } = await life.done('vm.create', { ...plainVm, start });
  const [first = '', second = ''] = adapterIds;
  return { life, vmId: vm.vmId, first, second };
}

describe('adapters', () => {
  test('are added while the VM runs, on their network', async () => {
    const { life, vmId } = await scene(true);
    const { adapter } = await life.done('adapter.add', {
      vmId,
      adapter: { network: 'servers', macAddress: null },
    });
    expect(adapter).toMatchObject({ switchName: 'Production', connected: true, vlan: { accessVlanId: 20 } });
    expect(life.vm(vmId).networkAdapters).toHaveLength(3);
    expect(life.vm(vmId).bootOrder).toContain(adapter.id);
  });

  test('are removed', async () => {
    const { life, vmId, first, second } = await scene();
    await life.done('adapter.remove', { vmId, adapterId: first });
    expect(life.vm(vmId).networkAdapters.map(({ id }) => id)).toEqual([second]);
    expect(await life.refused('adapter.remove', { vmId, adapterId: first })).toBe('not-found');
  });

  test('are connected, moved to another VLAN, and disconnected, also while the VM runs', async () => {
    const { life, vmId, second } = await scene(true);
    const target = { vmId, adapterId: second };
    const plugged = await life.done('adapter.connect', { ...target, network: 'servers', vlanId: null });
    expect(plugged.adapter).toMatchObject({
      switchName: 'Production',
      vlan: { mode: 'Access', accessVlanId: 20 },
    });
    const moved = await life.done('adapter.connect', { ...target, network: 'servers', vlanId: 99 });
    expect(moved.adapter.vlan).toMatchObject({ mode: 'Access', accessVlanId: 99 });
    const unplugged = await life.done('adapter.connect', { ...target, network: null, vlanId: null });
    expect(unplugged.adapter).toMatchObject({ switchName: null, connected: false, addresses: [] });
    expect(await life.refused('adapter.connect', { ...target, network: 'moon', vlanId: null })).toBe(
      'not-found',
    );
  });

  test('stay unchanged if the VLAN cannot be set', async () => {
    const { life, vmId, second } = await scene();
    life.failAt = ({ action }) =>
      action === 'setNetworkAdapterVlan' ? new EngineError('agent-error', 'No.') : null;
    const request = { vmId, adapterId: second, network: 'servers', vlanId: null };
    expect(await life.refused('adapter.connect', request)).toBe('agent-error');
    expect(life.vm(vmId).networkAdapters[1]).toMatchObject({ switchName: null, connected: false });
  });

  test('get fixed and dynamic addresses while the VM is off, never one in use', async () => {
    const { life, vmId, first, second } = await scene();
    const set = { vmId, adapterId: first, macAddress: '02AABBCCDD02' };
    expect((await life.done('adapter.setMac', set)).adapter).toMatchObject({
      macAddress: '02AABBCCDD02',
      dynamicMacAddress: false,
    });
    expect(await life.refused('adapter.setMac', { ...set, adapterId: second })).toBe('conflict');
    const { adapter } = await life.done('adapter.setMac', { ...set, macAddress: null });
    expect(adapter.dynamicMacAddress).toBe(true);
    expect(adapter.macAddress).toMatch(/^00155D/);
    life.power(vmId, 'start');
    expect(await life.refused('adapter.setMac', set)).toBe('wrong-state');
    const fixed = { network: null, macAddress: '02AABBCCDD03' };
    expect(await life.refused('adapter.add', { vmId, adapter: fixed })).toBe('wrong-state');
    expect(life.vm(vmId).networkAdapters).toHaveLength(2);
  });

  test('are limited to eight', async () => {
    const { life, vmId } = await scene();
    const adapter = { network: null, macAddress: null };
    for (let count = 2; count < 8; count++) await life.done('adapter.add', { vmId, adapter });
    expect(await life.refused('adapter.add', { vmId, adapter })).toBe('conflict');
  });
});

describe('cluster', () => {
  test('roles are added, removed and moved', async () => {
    const { life, vmId } = await scene(true);
    await life.done('cluster.removeVm', { vmId });
    expect(life.vm(vmId).clusterRole).toBeNull();
    expect(await life.refused('cluster.removeVm', { vmId })).toBe('wrong-state');
    expect(await life.refused('cluster.moveVm', { vmId, targetHostId: 'n2' })).toBe('wrong-state');
    expect((await life.done('cluster.addVm', { vmId })).role).toMatchObject({
      name: 'SRV-01',
      ownerNode: 'n1',
    });
    expect(await life.refused('cluster.addVm', { vmId })).toBe('conflict');
    expect(await life.done('cluster.moveVm', { vmId, targetHostId: null })).toEqual({ vmId, hostId: 'n2' });
    expect(life.engine.vm('n2', vmId)).toMatchObject({ state: 'Running', clusterRole: { ownerNode: 'n2' } });
    expect(life.engine.vm('n2', vmId)?.disks[0]?.size).toBe(64 * 1024 ** 3);
    expect(life.engine.vm('n1', vmId)).toBeUndefined();
  });

  test('a VM on local storage cannot become a role', async () => {
    const life = new Lifecycle();
    const local = { ...plainVm, storageClass: 'Local', clustered: false };
    const { vm } = await life.done('vm.create', local);
    expect(await life.refused('cluster.addVm', { vmId: vm.vmId })).toBe('wrong-state');
    expect(await life.refused('cluster.moveVm', { vmId: vm.vmId, targetHostId: 'nobody' })).toBe(
      'wrong-state',
    );
  });
});
