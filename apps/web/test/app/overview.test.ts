import type { HostUsage } from '@aether-v/types';
import { describe, expect, test } from 'vitest';
import { touchesVmList, type VmListSpec } from '../../src/fleet/list-spec.ts';
import { needsAttention } from '../../src/pages/overview/attention.ts';
import { busiestFirst } from '../../src/pages/overview/busiest.ts';
import { changedToday } from '../../src/pages/overview/changed-today.ts';
import { fleetCapacity } from '../../src/pages/overview/fleet-capacity.ts';
import { makeJob } from '../fake-api/job-rows.ts';
import { makeClusters, makeHosts, makeVms } from '../fake-api/rows.ts';

const gib = 1024 ** 3;
const now = new Date('2026-06-15T12:00:00').getTime();
const hosts = makeHosts(now);
const [vm] = makeVms(1, hosts, now);
if (!vm) throw new Error('There is no VM.');

describe('the capacity of the fleet', () => {
  const usage = (hostId: string, cpuPercent: number, memoryAvailable: number): HostUsage => ({
    hostId,
    sampledAt: new Date(now).toISOString(),
    cpuPercent,
    memoryAvailable,
  });

  test('adds up connected hosts with a sample, weighted by their size', () => {
    const [a, b] = hosts.filter(({ connection }) => connection.state === 'connected');
    if (!a?.facts || !b?.facts) throw new Error('There are no connected hosts.');
    const big = { ...a, facts: { ...a.facts, logicalProcessors: 30, memory: 100 * gib } };
    const small = { ...b, facts: { ...b.facts, logicalProcessors: 10, memory: 20 * gib } };
    const samples = new Map([
      [big.id, usage(big.id, 50, 31 * gib)],
      [small.id, usage(small.id, 10, 15 * gib)],
    ]);
    const capacity = fleetCapacity([big, small], [], (id) => samples.get(id) ?? null);
    expect(capacity.cpu).toEqual({ used: 16, all: 40 });
    expect(capacity.memory).toEqual({ used: 74 * gib, all: 120 * gib });
    // A VM of 8 GB needs its memory on one host: 3 and 1, not 5.
    expect(capacity.room).toBe(4);
    expect(capacity).toMatchObject({ measured: 2, hosts: 2, storage: null });
  });

  test('leaves out unreachable hosts and hosts without a sample', () => {
    const capacity = fleetCapacity(hosts, makeClusters(), (id) =>
      id === 'hv-branch' ? usage(id, 90, gib) : null,
    );
    expect(capacity).toMatchObject({ cpu: null, memory: null, room: 0, measured: 0 });
    expect(capacity.storage?.all).toBeGreaterThan(0);
  });
});

test('VMs in conflict need attention after critical ones and before hosts', () => {
  const conflict = {
    code: 'vm-id',
    message: 'HV-02 also has a VM with this GUID.',
    hostIds: ['hv-02'],
  } as const;
  const other = { ...vm, id: 'other', conflict: { ...conflict, hostIds: ['hv-02'] } };
  const items = needsAttention(hosts, [], [], now, [vm], [other]);
  expect(items.slice(0, 3).map(({ kind }) => kind)).toEqual([
    'vm-critical',
    'vm-conflict',
    'host-unreachable',
  ]);
});

describe('the busiest VMs', () => {
  test('are in the order of the shown percentages, not of the list that was read', () => {
    const cpu: Record<string, number> = { a: 41.2, b: 82, c: 64 };
    expect(busiestFirst(['a', 'b', 'c'], (id) => cpu[id] ?? null)).toEqual(['b', 'c', 'a']);
  });

  test('keep their order while the same percentage is shown', () => {
    const cpu: Record<string, number> = { a: 41.1, b: 41.4, c: 40.9 };
    expect(busiestFirst(['a', 'b', 'c'], (id) => cpu[id] ?? null)).toEqual(['a', 'b', 'c']);
  });

  test('leave out VMs without a sample', () => {
    expect(busiestFirst(['a', 'b'], (id) => (id === 'b' ? 1 : null))).toEqual(['b']);
  });
});

test('jobs of today are counted from midnight, a parent for its children', () => {
  const job = (at: string, patch = {}) => ({
    ...makeJob(vm, 'vm.start', 'Start', new Date(at).getTime()),
    ...patch,
  });
  const parent = job('2026-06-15T08:00:00');
  const jobs = [
    parent,
    job('2026-06-15T08:00:00', { parentId: parent.id, state: 'failed' }),
    job('2026-06-15T00:00:01', { state: 'failed' }),
    job('2026-06-14T23:59:59'),
  ];
  expect(changedToday(jobs, now)).toEqual({ total: 2, failed: 1, isMore: false });
});

test('a list of critical VMs is read again when a VM becomes critical, and not for other changes', () => {
  const spec: VmListSpec = { critical: true, sort: 'name', descending: false };
  const critical = { ...vm, critical: true };
  const healthy = { ...vm, critical: false };
  expect(touchesVmList(spec, healthy, critical)).toBe(true);
  expect(touchesVmList(spec, critical, healthy)).toBe(true);
  expect(touchesVmList(spec, critical, null)).toBe(true);
  expect(touchesVmList(spec, healthy, { ...healthy, state: 'Saved' })).toBe(false);
  expect(touchesVmList(spec, null, healthy)).toBe(false);
});
