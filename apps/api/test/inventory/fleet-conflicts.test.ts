import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { HostEvent } from '../../src/inventory/host-event.ts';
import { clusteredVm, clusterFacts, guid, hostFacts, vmFacts } from '../support/facts.ts';
import { ReducedFleet, watched } from '../support/reduced-fleet.ts';

const cluster = guid(0xc1);
const vm1 = guid(1);
const vm2 = guid(2);

/** What a host that is read says, in its order. */
function reading(
  host: string,
  vms: readonly ReturnType<typeof vmFacts>[],
  clusterId: string | null,
  nodes: readonly string[],
): HostEvent[] {
  const facts: HostEvent[] = [
    { type: 'identified', hostId: host, name: host.toUpperCase(), watching: true },
    { type: 'fact', fact: { kind: 'host', host: hostFacts(host, { clusterId }) } },
  ];
  if (clusterId !== null) {
    facts.push({ type: 'fact', fact: { kind: 'cluster', cluster: clusterFacts(clusterId, nodes) } });
  }
  for (const vm of vms) facts.push({ type: 'fact', fact: { kind: 'vm', vm } });
  facts.push({ type: 'fact', fact: { kind: 'synced', vmIds: vms.map(({ vmId }) => vmId) } });
  return facts;
}

/** Any interleaving of scripts that keeps the order within each. */
function interleaved(
  scripts: ReadonlyMap<string, readonly HostEvent[]>,
): fc.Arbitrary<[string, HostEvent][]> {
  const turns = [...scripts].flatMap(([host, events]) => events.map(() => host));
  return fc.shuffledSubarray(turns, { minLength: turns.length }).map((order) => {
    const left = new Map([...scripts].map(([host, events]) => [host, [...events]]));
    return order.map((host): [string, HostEvent] => {
      const event = left.get(host)?.shift();
      if (event === undefined) throw new RangeError('a turn without an event');
      return [host, event];
    });
  });
}

function play(turns: readonly [string, HostEvent][]): ReducedFleet {
  const fleet = new ReducedFleet();
  for (const host of new Set(turns.map(([name]) => name))) {
    fleet.event(host, { type: 'configured', provisionalId: `at-${host}`, name: host });
  }
  for (const [host, event] of turns) fleet.event(host, event);
  return fleet;
}

/** Ids of rows on a host that an action would be carried out on. */
const actionable = (fleet: ReducedFleet, hostId: string): string[] =>
  [...fleet.rows.vm.values()]
    .filter((vm) => vm.hostId === hostId && vm.conflict === null)
    .map(({ id }) => id);

const honest = (): [string, HostEvent[]][] => [
  ['hv1', reading('hv1', [clusteredVm(vm1, 'hv1'), vmFacts(guid(8))], cluster, ['hv1', 'hv2'])],
  ['hv2', reading('hv2', [clusteredVm(vm2, 'hv2')], cluster, ['hv1', 'hv2'])],
];

describe('a host that claims a foreign cluster and its VMs', () => {
  const claims = fc.record({
    clusterId: fc.constantFrom(cluster, guid(0xc9), null),
    nodes: fc.constantFrom(['evil'], ['evil', 'hv1'], ['hv1', 'hv2'], ['evil', 'hv1', 'hv2'], []),
    owner: fc.constantFrom('evil', 'hv1', 'hv2', 'evil.example.org'),
    clustered: fc.boolean(),
    goesDown: fc.constantFrom(null, 'hv1', 'hv2'),
  });

  test('gets none of its rows and actions, in any order of messages and with a node unreachable', () => {
    const scenario = claims.chain((claim) => {
      const vms = [vm1, vm2].map((id) => (claim.clustered ? clusteredVm(id, claim.owner) : vmFacts(id)));
      const scripts = new Map([
        ...honest(),
        ['evil', reading('evil', vms, claim.clusterId, claim.nodes)] as const,
      ]);
      return interleaved(scripts).map((turns) => ({ claim, turns }));
    });
    fc.assert(
      fc.property(scenario, ({ claim, turns }) => {
        const fleet = play(turns);
        if (claim.goesDown !== null) fleet.unreachable(claim.goesDown);
        fleet.wait(watched);
        expect(fleet.rows.vm.get(vm1)).toMatchObject({ hostId: 'hv1', clusterId: cluster, conflict: null });
        expect(fleet.rows.vm.get(vm2)).toMatchObject({ hostId: 'hv2', clusterId: cluster, conflict: null });
        expect(fleet.rows.vm.get(guid(8))).toMatchObject({ hostId: 'hv1', conflict: null });
        expect(actionable(fleet, 'evil')).toEqual([]);
        expect(fleet.rows.cluster.get(cluster)?.hostIds).toEqual(['hv1', 'hv2']);
        const evil = fleet.rows.host.get('evil');
        const isForeign = claim.clusterId === cluster && claim.nodes.length > 0;
        expect(evil?.conflict?.code).toBe(isForeign ? 'cluster-membership' : undefined);
        expect(fleet.rows.vm.get(`${vm1}@evil`)?.conflict).not.toBeNull();
      }),
      { numRuns: 300 },
    );
  });

  test('does not get a VM that is between two nodes', () => {
    const fleet = play(
      honest().flatMap(([host, events]) => events.map((event): [string, HostEvent] => [host, event])),
    );
    fleet.read('evil', [], cluster, ['evil']);
    fleet.gone('hv1', vm1);
    fleet.vm('evil', clusteredVm(vm1, 'evil'));
    expect(fleet.rows.vm.get(vm1)).toMatchObject({ hostId: 'hv1', moving: true });
    fleet.vm('hv2', clusteredVm(vm1, 'hv2'));
    expect(fleet.rows.vm.get(vm1)).toMatchObject({ hostId: 'hv2', moving: false, conflict: null });
    expect(fleet.rows.vm.get(`${vm1}@evil`)?.conflict).toMatchObject({ code: 'cluster-membership' });
  });

  test('is refused while only one node is known, and so is that node, until another one or the cluster’s name confirms it', () => {
    const scripts = new Map([
      ['hv1', reading('hv1', [clusteredVm(vm1, 'hv1')], cluster, ['hv1', 'hv2'])],
      ['evil', reading('evil', [clusteredVm(vm1, 'evil')], cluster, ['evil'])],
    ]);
    fc.assert(
      fc.property(interleaved(scripts), fc.boolean(), (turns, byName) => {
        const fleet = play(turns);
        expect(actionable(fleet, 'evil')).toEqual([]);
        expect(actionable(fleet, 'hv1')).toEqual([]);
        expect(fleet.rows.host.get('hv1')?.conflict).toMatchObject({
          code: 'cluster-membership',
          hostIds: ['evil'],
        });
        if (byName) fleet.vouch(cluster, ['hv1', 'hv2']);
        else fleet.read('hv2', [], cluster, ['hv1', 'hv2']);
        expect(fleet.rows.vm.get(vm1)).toMatchObject({ hostId: 'hv1', conflict: null });
        expect(actionable(fleet, 'evil')).toEqual([]);
      }),
    );
  });
});

describe('a node that contradicts the other nodes of its cluster', () => {
  const nodes = ['hv1', 'hv2', 'hv3'];
  const three = (): [string, HostEvent[]][] => [
    ['hv1', reading('hv1', [], cluster, nodes)],
    ['hv2', reading('hv2', [clusteredVm(vm1, 'hv2')], cluster, nodes)],
    ['hv3', reading('hv3', [clusteredVm(vm2, 'hv3')], cluster, nodes)],
  ];
  const views = fc.constantFrom(['hv1'], ['hv1', 'evil'], ['hv1', 'hv2'], ['hv1', 'hv2', 'hv3', 'evil']);

  test('is not believed about its nodes and gets none of their VMs, in whatever order the hosts are read', () => {
    const scenario = fc.tuple(interleaved(new Map(three())), views, fc.boolean());
    fc.assert(
      fc.property(scenario, ([turns, view, byName]) => {
        const fleet = play(turns);
        if (byName) fleet.vouch(cluster, nodes);
        fleet.fact('hv1', { kind: 'cluster', cluster: clusterFacts(cluster, view) });
        fleet.vm('hv1', clusteredVm(vm1, 'hv2'));
        const named = fleet.rows.cluster.get(cluster)?.nodes.map(({ hostId }) => hostId);
        expect(named).toEqual(nodes);
        expect(fleet.rows.vm.get(vm1)).toMatchObject({ hostId: 'hv2', clusterId: cluster, conflict: null });
        expect(fleet.rows.vm.get(vm2)).toMatchObject({ hostId: 'hv3', clusterId: cluster, conflict: null });
      }),
    );
  });
});

describe('a stand-alone VM whose GUID another stand-alone host reports', () => {
  const plain = (host: string, replication: 'None' | 'Replica' = 'None'): HostEvent[] =>
    reading(host, [vmFacts(vm1, { replication })], null, []);

  test('keeps its row; the later copy is in conflict until one of them is removed', () => {
    const fleet = new ReducedFleet();
    fleet.read('hv1', [vmFacts(vm1)]);
    fleet.read('copy', []);
    fleet.vm('copy', vmFacts(vm1));
    expect(fleet.rows.vm.get(vm1)).toMatchObject({ hostId: 'hv1', conflict: null });
    expect(fleet.rows.vm.get(`${vm1}@copy`)?.conflict).toMatchObject({ code: 'vm-id', hostIds: ['hv1'] });
    fleet.unreachable('hv1');
    expect(fleet.rows.vm.get(vm1)).toMatchObject({ hostId: 'hv1', conflict: null });
    expect(actionable(fleet, 'copy')).toEqual([]);
    fleet.gone('hv1', vm1);
    expect(fleet.rows.vm.get(vm1)).toMatchObject({ hostId: 'copy', conflict: null });
  });

  test('is in conflict as well if both were found when their hosts were first read, in any order', () => {
    const scripts = new Map([
      ['hv1', plain('hv1')],
      ['hv2', plain('hv2')],
    ]);
    fc.assert(
      fc.property(interleaved(scripts), (turns) => {
        const fleet = play(turns);
        const rows = [...fleet.rows.vm.values()];
        expect(rows.map(({ hostId, conflict }) => [hostId, conflict?.code]).sort()).toEqual([
          ['hv1', 'vm-id'],
          ['hv2', 'vm-id'],
        ]);
      }),
    );
  });

  test('is not in conflict with its replica', () => {
    const scripts = new Map([
      ['hv1', plain('hv1')],
      ['hv2', plain('hv2', 'Replica')],
    ]);
    fc.assert(
      fc.property(interleaved(scripts), (turns) => {
        const fleet = play(turns);
        expect([...fleet.rows.vm.values()].map(({ conflict }) => conflict)).toEqual([null, null]);
      }),
    );
  });
});

describe('legitimate changes of a cluster', () => {
  const both = (): ReducedFleet =>
    play(honest().flatMap(([host, events]) => events.map((event): [string, HostEvent] => [host, event])));

  test('a node that joins belongs to it once another node lists it', () => {
    const fleet = both();
    const nodes = ['hv1', 'hv2', 'hv3'];
    fleet.read('hv3', [clusteredVm(guid(3), 'hv3')], cluster, nodes);
    expect(fleet.rows.host.get('hv3')?.conflict?.code).toBe('cluster-membership');
    fleet.fact('hv2', { kind: 'cluster', cluster: clusterFacts(cluster, nodes) });
    expect(fleet.rows.host.get('hv3')).toMatchObject({ conflict: null, clusterId: cluster });
    expect(fleet.rows.vm.get(guid(3))).toMatchObject({ clusterId: cluster, conflict: null });
  });

  test('the second node of a one-node cluster does not remove the first', () => {
    const fleet = new ReducedFleet();
    fleet.read('hv1', [clusteredVm(vm1, 'hv1')], cluster, ['hv1']);
    fleet.read('hv2', [], cluster, ['hv1', 'hv2']);
    expect(fleet.rows.host.get('hv1')).toMatchObject({ conflict: null, clusterId: cluster });
    expect(fleet.rows.vm.get(vm1)).toMatchObject({ conflict: null, clusterId: cluster });
  });

  test('a node evicted while it was down is in conflict when it returns, until it reports the eviction itself', () => {
    const fleet = both();
    fleet.unreachable('hv2');
    fleet.fact('hv1', { kind: 'cluster', cluster: clusterFacts(cluster, ['hv1']) });
    fleet.fact('hv2', { kind: 'host', host: hostFacts('hv2', { clusterId: cluster }) });
    fleet.fact('hv2', { kind: 'cluster', cluster: clusterFacts(cluster, ['hv1', 'hv2']) });
    expect(fleet.rows.host.get('hv2')?.conflict?.code).toBe('cluster-membership');
    fleet.fact('hv2', { kind: 'host', host: hostFacts('hv2') });
    expect(fleet.rows.host.get('hv2')).toMatchObject({ conflict: null, clusterId: null });
  });

  test('a VM fails over to the other node, even if the first one never responded since the start', () => {
    const fleet = new ReducedFleet();
    fleet.event('hv1', { type: 'configured', provisionalId: 'at-hv1', name: 'hv1' });
    fleet.unreachable('hv1');
    fleet.read('hv2', [clusteredVm(vm1, 'hv2')], cluster, ['hv1', 'hv2']);
    expect(fleet.rows.vm.get(vm1)).toMatchObject({ hostId: 'hv2', clusterId: cluster, conflict: null });
    fleet.read('hv1', [], cluster, ['hv1', 'hv2']);
    expect(fleet.rows.vm.get(vm1)).toMatchObject({ hostId: 'hv2', conflict: null });
  });

  test('a node reinstalled under another name belongs to the cluster once the cluster lists it', () => {
    const fleet = both();
    fleet.connect('hv2', { id: 'hv9' });
    fleet.fact('hv2', { kind: 'host', host: hostFacts('hv9', { clusterId: cluster }) });
    fleet.fact('hv2', { kind: 'cluster', cluster: clusterFacts(cluster, ['hv1', 'hv9']) });
    fleet.fact('hv1', { kind: 'cluster', cluster: clusterFacts(cluster, ['hv1', 'hv9']) });
    fleet.fact('hv2', { kind: 'synced', vmIds: [] });
    expect(fleet.rows.host.get('hv9')).toMatchObject({ conflict: null, clusterId: cluster });
    expect(fleet.rows.cluster.get(cluster)?.hostIds).toEqual(['hv1', 'hv9']);
  });
});
