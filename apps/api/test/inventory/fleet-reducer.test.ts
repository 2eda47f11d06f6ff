import { describe, expect, test } from 'vitest';
import { clusteredVm, clusterFacts, guid, hostFacts, vmFacts } from '../support/facts.ts';
import { ReducedFleet as Fleet, watched } from '../support/reduced-fleet.ts';

const clusterA = guid(0xa);
const vm1 = guid(1);

/** Two nodes of one cluster; hv1 has the clustered VM. */
function clusterWithVm(): Fleet {
  const fleet = new Fleet();
  fleet.read('hv1', [clusteredVm(vm1, 'hv1')], clusterA);
  fleet.read('hv2', [], clusterA);
  return fleet;
}

describe('hosts', () => {
  test('a configured host has an id derived from its address until its agent reports the real one', () => {
    const fleet = new Fleet();
    fleet.event('10.0.0.1', { type: 'configured', provisionalId: 'at-10.0.0.1', name: '10.0.0.1' });
    expect(fleet.rows.host.get('at-10.0.0.1')).toMatchObject({
      address: 'http://10.0.0.1/',
      facts: null,
      connection: { state: 'connecting', error: null },
    });
    fleet.connect('10.0.0.1', { id: 'hv1' });
    expect([...fleet.rows.host.keys()]).toEqual(['hv1']);
    expect(fleet.rows.host.get('hv1')).toMatchObject({ name: 'HV1', connection: { state: 'connecting' } });
    fleet.fact('10.0.0.1', { kind: 'synced', vmIds: [] });
    expect(fleet.rows.host.get('hv1')).toMatchObject({ connection: { state: 'connected', watching: true } });
  });

  test('a host that never responded shows its problem', () => {
    const fleet = new Fleet();
    fleet.event('hv1', { type: 'configured', provisionalId: 'at-hv1', name: 'hv1' });
    fleet.unreachable('hv1');
    expect(fleet.rows.host.get('at-hv1')).toMatchObject({
      stale: null,
      connection: { state: 'unreachable', error: { code: 'host-unreachable', message: 'No route.' } },
    });
  });

  test('VMs are counted at the end of the full read, and with every change after it', () => {
    const fleet = new Fleet();
    fleet.event('hv1', { type: 'configured', provisionalId: 'at-hv1', name: 'hv1' });
    fleet.connect('hv1');
    expect(fleet.vm('hv1', vmFacts(vm1)).hosts).toEqual([]);
    fleet.vm('hv1', vmFacts(guid(2), { state: 'Off' }));
    fleet.fact('hv1', { kind: 'synced', vmIds: [vm1, guid(2)] });
    expect(fleet.rows.host.get('hv1')).toMatchObject({ vmCount: 2, runningVmCount: 1 });
    fleet.vm('hv1', vmFacts(vm1, { state: 'Off' }));
    expect(fleet.rows.host.get('hv1')).toMatchObject({ vmCount: 2, runningVmCount: 0 });
    fleet.gone('hv1');
    expect(fleet.rows.host.get('hv1')).toMatchObject({ vmCount: 1, runningVmCount: 0 });
  });

  test('a renamed host keeps its VMs', () => {
    const fleet = new Fleet();
    fleet.read('hv1', [vmFacts(vm1)]);
    fleet.connect('hv1', { id: 'hv9' });
    fleet.fact('hv1', { kind: 'host', host: hostFacts('hv9') });
    expect([...fleet.rows.host.keys()]).toEqual(['hv9']);
    expect(fleet.rows.vm.get(vm1)).toMatchObject({ hostId: 'hv9', hostName: 'HV9' });
    expect(fleet.rows.host.get('hv9')).toMatchObject({ name: 'HV9', vmCount: 1 });
  });

  test('two hosts can swap names', () => {
    const fleet = new Fleet();
    fleet.read('hv1', [vmFacts(vm1)]);
    fleet.read('hv2', []);
    fleet.connect('hv2', { id: 'hv1' });
    fleet.connect('hv1', { id: 'hv2' });
    expect([...fleet.rows.host.values()].map((host) => `${host.id} ${host.address}`).sort()).toEqual([
      'hv1 http://hv2/',
      'hv2 http://hv1/',
    ]);
    expect(fleet.vms).toEqual([`${vm1} on hv2`]);
  });
});

describe('a host that becomes unreachable', () => {
  test('keeps its rows, stale with time and reason, until it returns', () => {
    const fleet = new Fleet();
    fleet.read('hv1', [vmFacts(vm1), vmFacts(guid(2))]);
    fleet.now += 5000;
    fleet.unreachable('hv1');
    const stale = { since: '2026-01-01T00:00:05.000Z', code: 'host-unreachable', message: 'No route.' };
    expect(fleet.rows.host.get('hv1')).toMatchObject({
      stale,
      connection: { state: 'unreachable' },
      vmCount: 2,
    });
    expect(fleet.rows.vm.get(vm1)?.stale).toEqual(stale);
    fleet.now += 60_000;
    expect(fleet.unreachable('hv1').vms.map((vm) => vm.stale?.since)).toEqual([stale.since, stale.since]);
    fleet.connect('hv1');
    fleet.fact('hv1', { kind: 'host', host: hostFacts('hv1') });
    fleet.vm('hv1', vmFacts(vm1));
    expect(fleet.vms).toEqual([`${vm1} on hv1`, `${guid(2)} on hv1 stale`]);
    expect(fleet.rows.host.get('hv1')?.connection.state).toBe('unreachable');
    fleet.fact('hv1', { kind: 'synced', vmIds: [vm1] });
    expect(fleet.vms).toEqual([`${vm1} on hv1`]);
    expect(fleet.rows.host.get('hv1')).toMatchObject({ stale: null, vmCount: 1 });
  });

  test('counts its running VMs as last known', () => {
    const fleet = clusterWithVm();
    fleet.vm('hv2', vmFacts(guid(2)));
    fleet.unreachable('hv1');
    expect(fleet.rows.host.get('hv1')).toMatchObject({ vmCount: 1, runningVmCount: 0, staleVmCount: 1 });
    expect(fleet.rows.cluster.get(clusterA)).toMatchObject({
      vmCount: 2,
      runningVmCount: 1,
      staleVmCount: 1,
    });
    fleet.connect('hv1');
    fleet.fact('hv1', { kind: 'host', host: hostFacts('hv1', { clusterId: clusterA }) });
    fleet.vm('hv1', clusteredVm(vm1, 'hv1'));
    fleet.fact('hv1', { kind: 'synced', vmIds: [vm1] });
    expect(fleet.rows.cluster.get(clusterA)).toMatchObject({ runningVmCount: 2, staleVmCount: 0 });
  });

  test('loses a clustered VM that fails over, and does not get it back as a copy', () => {
    const fleet = clusterWithVm();
    fleet.unreachable('hv1');
    expect(fleet.vms).toEqual([`${vm1} on hv1 stale`]);
    fleet.vm('hv2', clusteredVm(vm1, 'hv2'));
    expect(fleet.vms).toEqual([`${vm1} on hv2`]);
    fleet.connect('hv1');
    fleet.fact('hv1', { kind: 'synced', vmIds: [] });
    expect(fleet.vms).toEqual([`${vm1} on hv2`]);
  });

  test('is not represented by a host that only claims to be a node', () => {
    const fleet = clusterWithVm();
    fleet.read('rogue', [], clusterA, ['rogue']);
    const nodes = () => fleet.rows.cluster.get(clusterA)?.nodes.map(({ hostId }) => hostId);
    expect(nodes()).toEqual(['hv1', 'hv2', 'hv3']);
    fleet.unreachable('hv1');
    fleet.unreachable('hv2');
    expect(nodes()).toEqual(['hv1', 'hv2', 'hv3']);
  });

  test('makes its cluster stale only if it is the last node', () => {
    const fleet = clusterWithVm();
    fleet.unreachable('hv1');
    expect(fleet.rows.cluster.get(clusterA)?.stale).toBeNull();
    fleet.now += 1000;
    fleet.unreachable('hv2');
    expect(fleet.rows.cluster.get(clusterA)?.stale?.since).toBe('2026-01-01T00:00:01.000Z');
    fleet.connect('hv1');
    fleet.fact('hv1', { kind: 'synced', vmIds: [vm1] });
    expect(fleet.rows.cluster.get(clusterA)?.stale).toBeNull();
  });
});

describe('one GUID on several hosts', () => {
  test('one GUID on two stand-alone hosts is two VMs, and the first keeps the id', () => {
    const fleet = new Fleet();
    fleet.read('hv2', [vmFacts(vm1)]);
    fleet.read('hv1', [vmFacts(vm1, { state: 'Off' })]);
    expect(fleet.vms).toEqual([`${vm1} on hv2`, `${vm1}@hv1 on hv1`]);
    expect(fleet.rows.host.get('hv1')).toMatchObject({ vmCount: 1, runningVmCount: 0 });
    fleet.vm('hv1', vmFacts(vm1, { state: 'Running' }));
    expect(fleet.vms).toEqual([`${vm1} on hv2`, `${vm1}@hv1 on hv1`]);
  });

  test('the id passes to the copy when the owner is removed', () => {
    const fleet = new Fleet();
    fleet.read('hv1', [vmFacts(vm1)]);
    fleet.read('hv2', [vmFacts(vm1)]);
    fleet.gone('hv1');
    expect(fleet.vms).toEqual([`${vm1} on hv2`]);
  });

  test.each([
    ['before its primary', ['hv2', 'hv1']],
    ['after its primary', ['hv1', 'hv2']],
  ])('a replica is a row under its host, read %s', (_, order) => {
    const fleet = new Fleet();
    for (const host of order) {
      fleet.read(host, [vmFacts(vm1, { replication: host === 'hv1' ? 'Primary' : 'Replica' })]);
    }
    expect(fleet.vms).toEqual([`${vm1} on hv1`, `${vm1}@hv2 on hv2`]);
  });

  test('a replica is a row under its host even if the primary is not in the fleet', () => {
    const fleet = new Fleet();
    fleet.read('hv2', [vmFacts(vm1, { replication: 'Replica' })]);
    expect(fleet.vms).toEqual([`${vm1}@hv2 on hv2`]);
  });

  test('reversed replication changes the owner', () => {
    const fleet = new Fleet();
    fleet.read('hv1', [vmFacts(vm1, { replication: 'Primary' })]);
    fleet.read('hv2', [vmFacts(vm1, { replication: 'Replica' })]);
    fleet.vm('hv2', vmFacts(vm1, { replication: 'Primary' }));
    fleet.vm('hv1', vmFacts(vm1, { replication: 'Replica' }));
    expect(fleet.vms).toEqual([`${vm1} on hv2`, `${vm1}@hv1 on hv1`]);
  });

  test('two nodes with an unclustered VM have two VMs', () => {
    const fleet = new Fleet();
    fleet.read('hv1', [vmFacts(vm1)], clusterA);
    fleet.read('hv2', [vmFacts(vm1)], clusterA);
    expect(fleet.vms).toEqual([`${vm1} on hv1`, `${vm1}@hv2 on hv2`]);
  });
});

describe('live migration in a cluster', () => {
  test('source first: moving while it is on no host, then on the target', () => {
    const fleet = clusterWithVm();
    fleet.gone('hv1');
    expect(fleet.vms).toEqual([`${vm1} on hv1 moving`]);
    fleet.wait(1000);
    fleet.vm('hv2', clusteredVm(vm1, 'hv2'));
    expect(fleet.vms).toEqual([`${vm1} on hv2`]);
    expect(fleet.rows.host.get('hv1')?.vmCount).toBe(0);
    expect(fleet.rows.host.get('hv2')?.vmCount).toBe(1);
    expect(fleet.reducer.dueAt).toBeUndefined();
  });

  test('target first: moving while both have it, with the new owner, although the source repeats itself', () => {
    const fleet = clusterWithVm();
    fleet.wait(1000);
    fleet.vm('hv2', clusteredVm(vm1, 'hv2'));
    expect(fleet.vms).toEqual([`${vm1} on hv2 moving`]);
    fleet.wait(1000);
    fleet.vm('hv1', clusteredVm(vm1, 'hv1', { state: 'Stopping' }));
    expect(fleet.vms).toEqual([`${vm1} on hv2 moving`]);
    fleet.gone('hv1');
    expect(fleet.vms).toEqual([`${vm1} on hv2`]);
    expect(fleet.rows.cluster.get(clusterA)).toMatchObject({ vmCount: 1, runningVmCount: 1 });
  });

  test('target reports it before the role has moved: the source stays the owner', () => {
    const fleet = clusterWithVm();
    fleet.vm('hv2', vmFacts(vm1));
    expect(fleet.vms).toEqual([`${vm1} on hv1 moving`]);
    fleet.vm('hv2', clusteredVm(vm1, 'hv2'));
    fleet.gone('hv1');
    expect(fleet.vms).toEqual([`${vm1} on hv2`]);
  });

  test('role moves before the VM: moving on the source', () => {
    const fleet = clusterWithVm();
    fleet.vm('hv1', clusteredVm(vm1, 'hv2'));
    expect(fleet.vms).toEqual([`${vm1} on hv1 moving`]);
    fleet.gone('hv1');
    expect(fleet.vms).toEqual([`${vm1} on hv1 moving`]);
    fleet.vm('hv2', clusteredVm(vm1, 'hv2'));
    expect(fleet.vms).toEqual([`${vm1} on hv2`]);
  });

  test('a full read of the source finds it missing: moving as well', () => {
    const fleet = clusterWithVm();
    fleet.fact('hv1', { kind: 'synced', vmIds: [] });
    expect(fleet.vms).toEqual([`${vm1} on hv1 moving`]);
  });

  test('never arrives: removed after the limit, and not before', () => {
    const fleet = clusterWithVm();
    fleet.gone('hv1');
    fleet.wait(watched - 1);
    expect(fleet.vms).toEqual([`${vm1} on hv1 moving`]);
    fleet.wait(1);
    expect(fleet.vms).toEqual([]);
    expect(fleet.rows.cluster.get(clusterA)?.vmCount).toBe(0);
    fleet.vm('hv2', clusteredVm(vm1, 'hv2'));
    expect(fleet.vms).toEqual([`${vm1} on hv2`]);
  });

  test('never leaves: a copy after the limit', () => {
    const fleet = clusterWithVm();
    fleet.vm('hv2', clusteredVm(vm1, 'hv2'));
    fleet.wait(watched);
    expect(fleet.vms).toEqual([`${vm1} on hv2`, `${vm1}@hv1 on hv1`]);
    fleet.gone('hv1');
    expect(fleet.vms).toEqual([`${vm1} on hv2`]);
  });

  test('polled nodes get as long as two reads take', () => {
    const fleet = clusterWithVm();
    fleet.connect('hv2', { watching: false });
    fleet.gone('hv1');
    fleet.wait(149_999);
    expect(fleet.vms).toEqual([`${vm1} on hv1 moving`]);
    fleet.wait(1);
    expect(fleet.vms).toEqual([]);
  });

  test('without another node it is removed at once', () => {
    const fleet = new Fleet();
    fleet.read('hv1', [clusteredVm(vm1, 'hv1')], clusterA);
    fleet.gone('hv1');
    expect(fleet.vms).toEqual([]);
  });

  test('owners are matched by computer name if host ids are FQDNs', () => {
    const fleet = new Fleet();
    fleet.read('hv1.example.com', [clusteredVm(vm1, 'hv1')], clusterA);
    fleet.read('hv2.example.com', [], clusterA);
    expect(fleet.vms).toEqual([`${vm1} on hv1.example.com`]);
    fleet.vm('hv2.example.com', clusteredVm(vm1, 'hv2'));
    expect(fleet.vms).toEqual([`${vm1} on hv2.example.com moving`]);
  });

  test('a deleted stand-alone VM is removed, also on a node', () => {
    const fleet = new Fleet();
    fleet.read('hv1', [vmFacts(vm1)], clusterA);
    fleet.read('hv2', [], clusterA);
    fleet.gone('hv1');
    expect(fleet.vms).toEqual([]);
  });
});

describe('clusters', () => {
  test('are derived from their nodes’ reports, with counts and names on every row', () => {
    const fleet = clusterWithVm();
    expect(fleet.rows.cluster.get(clusterA)).toMatchObject({
      name: 'CL01',
      hostIds: ['hv1', 'hv2'],
      vmCount: 1,
      runningVmCount: 1,
      stale: null,
    });
    expect(fleet.rows.host.get('hv2')).toMatchObject({ clusterId: clusterA, clusterName: 'CL01' });
    expect(fleet.rows.vm.get(vm1)).toMatchObject({ clusterId: clusterA, clusterName: 'CL01' });
  });

  test('are represented by one node while it responds, then by another', () => {
    const fleet = clusterWithVm();
    fleet.fact('hv2', { kind: 'cluster', cluster: clusterFacts(clusterA, ['hv1', 'hv2'], 'SECOND') });
    expect(fleet.rows.cluster.get(clusterA)?.name).toBe('CL01');
    fleet.unreachable('hv1');
    expect(fleet.rows.cluster.get(clusterA)?.name).toBe('SECOND');
    expect(fleet.rows.vm.get(vm1)?.clusterName).toBe('SECOND');
  });

  test('are renamed on all rows', () => {
    const fleet = clusterWithVm();
    fleet.fact('hv1', { kind: 'cluster', cluster: clusterFacts(clusterA, ['hv1', 'hv2'], 'NEW') });
    expect(fleet.rows.host.get('hv2')?.clusterName).toBe('NEW');
    expect(fleet.rows.vm.get(vm1)?.clusterName).toBe('NEW');
  });

  test('are removed with their last node', () => {
    const fleet = clusterWithVm();
    for (const host of ['hv1', 'hv2']) fleet.fact(host, { kind: 'host', host: hostFacts(host) });
    expect([...fleet.rows.cluster.keys()]).toEqual([]);
    expect(fleet.rows.vm.get(vm1)).toMatchObject({ clusterId: null, clusterName: null });
  });
});
