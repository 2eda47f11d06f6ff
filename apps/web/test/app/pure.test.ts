import { describe, expect, test } from 'vitest';
import { summaryOfVm, type Job, type Vm, type VmCheckpoint } from '@aether-v/types';
import { dropEmpty } from '../../src/address/drop-empty.ts';
import { readTabSearch, readVmListSearch, vmListSpec } from '../../src/address/list-search.ts';
import { needsAttention } from '../../src/pages/overview/attention.ts';
import { chainDepths } from '../../src/checkpoints/checkpoint-chain.ts';
import { sideStep, treeRows, type HostVms, type TreeInput } from '../../src/tree/tree-rows.ts';
import { makeFamily, makeJob, makeTestJob } from '../fake-api/job-rows.ts';
import { makeClusters, makeHosts, makeVms } from '../fake-api/rows.ts';

const now = Date.parse('2026-03-01T12:00:00Z');
const hosts = makeHosts(now);
const clusters = makeClusters();
const [vm] = makeVms(1, hosts, now) as [Vm];

describe('the address', () => {
  test('is parsed leniently: invalid parameters are ignored', () => {
    const search = readVmListSearch({
      search: 'web',
      state: 'Off,Nonsense,Running',
      sort: '-memory',
      more: 1,
    });
    expect(vmListSpec(search)).toEqual({
      search: 'web',
      states: ['Running', 'Off'],
      sort: 'memory',
      descending: true,
    });
    expect(vmListSpec(readVmListSearch({ sort: 'nonsense', search: '', state: {} }))).toEqual({
      sort: 'name',
      descending: false,
    });
  });

  test('contains only explicit choices', () => {
    expect(dropEmpty({ search: undefined, sort: 'name' })).toEqual({ sort: 'name' });
    expect(readTabSearch({ tab: 'hardware' })).toEqual({ tab: 'hardware' });
  });
});

describe('the tree', () => {
  const input = (patch: Partial<TreeInput> = {}): TreeInput => ({
    clusters,
    hosts,
    collapsedClusters: new Set(),
    expandedHosts: new Set(),
    vmsOf: () => undefined,
    ...patch,
  });
  const keys = (patch?: Partial<TreeInput>): string[] => treeRows(input(patch)).map(({ key }) => key);

  test('lists clusters and their hosts by name, then stand-alone hosts', () => {
    expect(keys()).toEqual([
      'overview',
      'vms',
      'hosts',
      clusters[1]?.id,
      'hv-lab-1',
      'hv-lab-2',
      'hv-lab-3',
      clusters[0]?.id,
      'hv-01',
      'hv-02',
      'hv-03',
      'standalone',
      'hv-branch',
    ]);
  });

  test('hides the hosts of a collapsed cluster', () => {
    expect(keys({ collapsedClusters: new Set([clusters[0]?.id ?? '']) })).not.toContain('hv-01');
  });

  test('shows a host whose cluster is unknown', () => {
    expect(keys({ clusters: [] }).slice(3)).toEqual(['standalone', ...hosts.map(({ id }) => id).sort()]);
  });

  test.each<[string, HostVms | undefined, string[]]>([
    ['not read yet', undefined, ['hv-01/loading']],
    ['being read', { ids: null, total: 0, failed: false }, ['hv-01/loading']],
    ['failed', { ids: null, total: 0, failed: true }, ['hv-01/failed']],
    ['none', { ids: [], total: 0, failed: false }, ['hv-01/empty']],
    ['some', { ids: ['a', 'b'], total: 2, failed: false }, ['hv-01/a', 'hv-01/b']],
    ['more than shown', { ids: ['a'], total: 3, failed: false }, ['hv-01/a', 'hv-01/more']],
  ])('VMs of an expanded host: %s', (_, vms, expected) => {
    const all = keys({ expandedHosts: new Set(['hv-01']), vmsOf: () => vms });
    expect(all.filter((key) => key.startsWith('hv-01/'))).toEqual(expected);
  });

  test('left and right arrows expand and collapse a line, or move to its child or parent', () => {
    const rows = treeRows(input());
    const cluster = rows.findIndex(({ kind }) => kind === 'cluster');
    expect(sideStep(rows, cluster, 'ArrowLeft')).toBe('toggle');
    expect(sideStep(rows, cluster, 'ArrowRight')).toBe(cluster + 1);
    expect(sideStep(rows, cluster + 2, 'ArrowRight')).toBe('toggle');
    expect(sideStep(rows, cluster + 2, 'ArrowLeft')).toBe(cluster);
    expect(sideStep(rows, 0, 'ArrowLeft')).toBeUndefined();
    expect(sideStep(rows, 0, 'ArrowRight')).toBeUndefined();
    expect(sideStep(rows, cluster, 'ArrowDown')).toBeUndefined();
  });
});

test('critical VMs come first among the items that need attention', () => {
  const critical = { ...summaryOfVm(vm), critical: true };
  expect(needsAttention(hosts, [], [], now, [critical])[0]).toMatchObject({
    kind: 'vm-critical',
    vm: critical,
  });
});

test('a host whose clock is wrong needs attention', () => {
  const off = hosts
    .slice(0, 1)
    .map((host) => ({ ...host, problems: [{ part: 'clock', message: 'An hour ahead.' }] }));
  expect(needsAttention(off, [], [], now)).toMatchObject([{ kind: 'host-clock', host: off[0] }]);
});

test('unreachable hosts, failed nodes, nearly full volumes and failed jobs of the last day need attention', () => {
  const failed = { ...makeJob(vm, 'vm.start', 'Start', now), state: 'failed' as const };
  const old = { ...makeJob(vm, 'vm.start', 'Start', now - 2 * 86_400_000), state: 'failed' as const };
  const done = { ...makeJob(vm, 'vm.start', 'Start', now), state: 'succeeded' as const };
  const found = needsAttention(hosts, clusters, [failed, old, done], now);
  expect(found.map(({ kind }) => kind)).toEqual(['host-unreachable', 'node', 'volume', 'job']);
  expect(found.at(-1)).toMatchObject({ job: failed });
});

test('attention: a failed parent without its children, and no failed test of a connection', () => {
  const [host] = hosts;
  if (!host) throw new Error('There are no hosts.');
  const failed = (job: Job): Job => ({ ...job, state: 'failed' });
  const { parent, children } = makeFamily([vm], 'Start 1 VM', now);
  const jobs = [...children, parent, makeTestJob(host, now)].map(failed);
  expect(needsAttention([], [], jobs, now)).toMatchObject([{ kind: 'job', job: { id: parent.id } }]);
});

test('checkpoints are listed below their parents, including orphans', () => {
  const checkpoint = (id: string, parentId: string | null, day: number): VmCheckpoint => ({
    id,
    parentId,
    name: id,
    type: 'Standard',
    automatic: false,
    createdAt: `2026-01-0${day}T00:00:00Z`,
    current: false,
  });
  const placed = chainDepths([
    checkpoint('c', 'a', 4),
    checkpoint('b', 'a', 2),
    checkpoint('a', null, 1),
    checkpoint('d', 'b', 3),
    checkpoint('lost', 'nowhere', 5),
  ]);
  expect(placed.map(({ checkpoint: { id }, depth }) => `${depth}${id}`)).toEqual([
    '0a',
    '1b',
    '2d',
    '1c',
    '0lost',
  ]);
});
