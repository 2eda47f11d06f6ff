import { ClusterFacts, HostFacts, HostUsage, VmFacts, VmUsage } from '@aether-v/types';
import { Compile } from 'typebox/compile';
import { describe, expect, test } from 'vitest';
import { demoFleet, HyperVEngine, parametricFleet, type FleetSpec } from '../src/engine/index.ts';
import { linkLocalAddress } from '../src/engine/build-vm.ts';
import { createFakeClock } from '../src/testing.ts';

const checks = {
  host: Compile(HostFacts),
  cluster: Compile(ClusterFacts),
  vm: Compile(VmFacts),
  vmUsage: Compile(VmUsage),
  hostUsage: Compile(HostUsage),
};

function start(fleet: FleetSpec, seed = '1', at?: number): HyperVEngine {
  return new HyperVEngine({ clock: createFakeClock(at), seed, fleet });
}

describe.each([
  ['the demo fleet', demoFleet],
  ['a parametric fleet', parametricFleet({ hosts: 5, vmsPerHost: 37, hostsPerCluster: 2 })],
])('%s', (_name, fleet) => {
  const engine = start(fleet);
  const vms = engine.hostIds.flatMap((hostId) => engine.vms(hostId));

  test('conforms to the contract', () => {
    for (const hostId of engine.hostIds) {
      expect([...checks.host.Errors(engine.host(hostId))]).toEqual([]);
      const cluster = engine.cluster(hostId);
      if (cluster) expect([...checks.cluster.Errors(cluster)]).toEqual([]);
      for (const vm of engine.vms(hostId)) expect([vm.name, ...checks.vm.Errors(vm)]).toEqual([vm.name]);
      const usage = engine.usage(hostId);
      expect([...checks.hostUsage.Errors(usage.host)]).toEqual([]);
      for (const sample of usage.vms) expect([...checks.vmUsage.Errors(sample)]).toEqual([]);
    }
  });

  test('gives every VM a unique id, MAC address and owner; only replicas share an id', () => {
    const originals = vms.filter(({ replication }) => replication !== 'Replica');
    expect(new Set(originals.map(({ vmId }) => vmId)).size).toBe(originals.length);
    const macs = vms.flatMap(({ networkAdapters }) => networkAdapters.map(({ macAddress }) => macAddress));
    expect(new Set(macs).size).toBe(macs.length);
    for (const hostId of engine.hostIds) {
      for (const { clusterRole } of engine.vms(hostId)) {
        if (clusterRole) expect(clusterRole.ownerNode).toBe(hostId);
      }
    }
  });

  test('is plausible: no VM started in the future or before its host, memory within the host', () => {
    for (const hostId of engine.hostIds) {
      const host = engine.host(hostId);
      const memory = engine.usage(hostId);
      expect(memory.host.memoryAvailable).toBeGreaterThan(0);
      for (const { startedAt } of engine.vms(hostId)) {
        if (startedAt === null) continue;
        expect(Date.parse(startedAt)).toBeGreaterThan(Date.parse(host.bootedAt ?? ''));
        expect(Date.parse(startedAt)).toBeLessThan(engine.clock.now());
      }
    }
  });

  test('is determined by seed and time', () => {
    const again = start(fleet);
    const other = start(fleet, '2');
    const read = (one: HyperVEngine): unknown => one.hostIds.map((id) => [one.vms(id), one.usage(id)]);
    expect(read(again)).toEqual(read(engine));
    expect(read(other)).not.toEqual(read(engine));
  });
});

describe('the demo fleet', () => {
  const engine = start(demoFleet);
  const vms = engine.hostIds.flatMap((hostId) => engine.vms(hostId));

  test('has two clusters of three hosts, a stand-alone host, and about sixty VMs', () => {
    const clusters = engine.hostIds.map((hostId) => engine.cluster(hostId)?.name ?? null);
    const expected = [...Array<string>(3).fill('PROD-CL01'), ...Array<string>(3).fill('LAB-CL02'), null];
    expect(clusters).toEqual(expected);
    expect(engine.cluster('hv-01')?.nodes.map(({ hostId }) => hostId)).toEqual(['hv-01', 'hv-02', 'hv-03']);
    expect(vms.length).toBeGreaterThan(55);
    expect(vms.length).toBeLessThan(70);
  });

  test('contains all states, generations, checkpoints and problems', () => {
    const has = (what: (vm: VmFacts) => boolean): boolean => vms.some(what);
    for (const state of ['Running', 'Off', 'Saved', 'Paused'])
      expect(has((vm) => vm.state === state)).toBe(true);
    for (const generation of [1, 2]) expect(has((vm) => vm.generation === generation)).toBe(true);
    expect(has(({ critical }) => critical)).toBe(true);
    expect(has(({ activity }) => activity?.kind === 'MergingDisks')).toBe(true);
    expect(has(({ checkpoints }) => checkpoints.length >= 3)).toBe(true);
    expect(has(({ memory }) => memory.dynamic)).toBe(true);
    expect(has(({ tpm }) => tpm)).toBe(true);
    expect(has(({ dvdDrives }) => dvdDrives.some(({ path }) => path !== null))).toBe(true);
    expect(has(({ networkAdapters }) => networkAdapters.some(({ vlan }) => vlan.mode === 'Trunk'))).toBe(
      true,
    );
    expect(has(({ heartbeat, state }) => state === 'Running' && heartbeat === 'NoContact')).toBe(true);
    expect(has(({ replication }) => replication === 'Replica')).toBe(true);
    expect(has(({ disks }) => disks.some(({ format }) => format === 'VHD'))).toBe(true);
  });

  test('is busy by day and quiet by night: databases busy, domain controllers not', () => {
    const load = (name: string, hour: number): number => {
      const one = start(demoFleet, '1', Date.UTC(2026, 0, 14, hour));
      const vm = one.vms('hv-01').find((candidate) => candidate.name === name);
      return one.usage('hv-01').vms.find(({ vmId }) => vmId === vm?.vmId)?.cpuPercent ?? NaN;
    };
    const mean = (name: string, hours: readonly number[]): number =>
      hours.reduce((sum, hour) => sum + load(name, hour), 0) / hours.length;
    const day = [9, 10, 11, 12, 13, 14, 15];
    expect(mean('SQL-PROD-01', day)).toBeGreaterThan(35);
    expect(mean('DC01', day)).toBeLessThan(20);
    expect(mean('APP-WEB-01', day)).toBeGreaterThan(2 * mean('APP-WEB-01', [4, 5, 20]));
  });
});

test('usage is a function of time: sampling has no effect, and it changes over time', () => {
  const clock = createFakeClock();
  const engine = new HyperVEngine({ clock, seed: '1', fleet: demoFleet });
  const first = engine.usage('hv-01');
  expect(engine.usage('hv-01')).toEqual(first);
  clock.advance(5_000);
  expect(engine.usage('hv-01').vms.map(({ cpuPercent }) => cpuPercent)).not.toEqual(
    first.vms.map(({ cpuPercent }) => cpuPercent),
  );
});

test('a link-local address is derived from the MAC address (RFC 4291)', () => {
  expect(linkLocalAddress('00155DAB0102')).toBe('fe80::215:5dff:feab:102');
});
