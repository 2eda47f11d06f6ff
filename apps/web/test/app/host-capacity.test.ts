import { describe, expect, test } from 'vitest';
import { capacityOf, fullestOf } from '../../src/pages/hosts/host-capacity.ts';
import { hostMatcher } from '../../src/pages/hosts/host-filter.ts';
import { sortHosts } from '../../src/pages/hosts/host-order.ts';
import { makeClusters, makeHosts } from '../fake-api/rows.ts';

const gib = 1024 ** 3;
const hosts = makeHosts(Date.now());
const clusters = makeClusters();

function capacity(name: string, cpuPercent: number, memoryAvailable: number) {
  const host = hosts.find((each) => each.name === name);
  if (!host) throw new Error(`There is no host ${name}.`);
  const cluster = clusters.find(({ id }) => id === host.clusterId) ?? null;
  const sampledAt = new Date().toISOString();
  return capacityOf(host, cluster, { hostId: host.id, sampledAt, cpuPercent, memoryAvailable });
}

describe('the capacity of a host', () => {
  test('is its memory in use, and the free space of all volumes of its cluster', () => {
    const { memory, storage, cpuPercent } = capacity('HV-01', 12, 180 * gib);
    expect(memory).toEqual({ used: 332 * gib, all: 512 * gib });
    expect(storage).toEqual({ used: (8192 + 4096 - 3100 - 2900) * gib, all: (8192 + 4096) * gib });
    expect(cpuPercent).toBe(12);
  });

  test('of an unreachable host is not known, though an old sample exists', () => {
    const row = capacity('HV-BRANCH', 12, 180 * gib);
    expect([row.memory, row.cpuPercent, row.storage, fullestOf(row)]).toEqual([null, null, null, null]);
  });

  test.each([
    ['memory', 12, 10 * gib],
    ['cpu', 99, 180 * gib],
    ['storage', 12, 400 * gib],
  ] as const)('is scarcest in %s, where the largest fraction is used', (resource, cpu, available) => {
    expect(fullestOf(capacity('HV-01', cpu, available))?.resource).toBe(resource);
  });
});

describe('the order of hosts', () => {
  const rows = [
    capacity('HV-BRANCH', 0, 0),
    capacity('HV-01', 5, 400 * gib),
    capacity('HV-02', 5, 5 * gib),
    capacity('HV-03', 5, 200 * gib),
  ];
  const order = (column: string, descending: boolean): string[] =>
    sortHosts(rows, { column, descending }).map(({ host }) => host.name);

  test('begins with the fullest, and ends with those that are not known in both directions', () => {
    expect(order('fullest', true)).toEqual(['HV-02', 'HV-03', 'HV-01', 'HV-BRANCH']);
    expect(order('fullest', false)).toEqual(['HV-01', 'HV-03', 'HV-02', 'HV-BRANCH']);
  });

  test('by name is alphabetical', () => {
    expect(order('name', false)).toEqual(['HV-01', 'HV-02', 'HV-03', 'HV-BRANCH']);
  });
});

describe('a search for hosts', () => {
  const found = (search: string): string[] => hosts.filter(hostMatcher(search)).map(({ name }) => name);

  test.each([
    ['branch', ['HV-BRANCH']],
    ['cluster:prod hv-0', ['HV-01', 'HV-02', 'HV-03']],
    ['state:unreachable', ['HV-BRANCH']],
    ['name:hv-01 name:hv-02', ['HV-01', 'HV-02']],
    ['cluster:stand', ['HV-BRANCH']],
    ['os:2025', []],
  ])('%j finds %j', (search, expected) => {
    expect(found(search)).toEqual(expected);
  });
});
