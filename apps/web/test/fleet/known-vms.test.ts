import { summaryOfVm, type VmSummary } from '@aether-v/types';
import { expect, test } from 'vitest';
import { knownVms } from '../../src/fleet/known-vms.ts';
import type { VmListSpec } from '../../src/fleet/list-spec.ts';
import { makeHosts, makeVms } from '../fake-api/rows.ts';

const vms = makeVms(60, makeHosts(0), 0).map(summaryOfVm);
const found = (patch: Partial<VmListSpec>): VmSummary[] =>
  knownVms(vms, { sort: 'name', descending: false, ...patch }).flatMap(
    (id) => vms.find((vm) => vm.id === id) ?? [],
  );

test('all words must occur in name, host, address or guest, in any case', () => {
  expect(found({ search: 'APP-web' }).length).toBe(6);
  const [first] = found({ search: 'app-web hv-01' });
  expect(first).toMatchObject({ name: 'APP-WEB-01', hostName: 'HV-01' });
  expect(found({ search: 'host:hv-01' }).every(({ hostName }) => hostName === 'HV-01')).toBe(true);
  expect(found({ search: 'nothing' })).toEqual([]);
});

test('filters by states, host and cluster', () => {
  expect(new Set(found({ states: ['Off', 'Saved'] }).map(({ state }) => state))).toEqual(
    new Set(['Off', 'Saved']),
  );
  const { hostId, clusterId } = vms[0] ?? { hostId: '', clusterId: null };
  expect(found({ hostId }).every((vm) => vm.hostId === hostId)).toBe(true);
  expect(found({ clusterId: clusterId ?? '' }).every((vm) => vm.clusterId === clusterId)).toBe(true);
});

test('sorts in both directions, with rows without a value last', () => {
  const memory = found({ sort: 'memory', descending: true }).map((vm) => vm.memory.startup);
  expect(memory).toEqual([...memory].sort((a, b) => b - a));
  for (const descending of [true, false]) {
    const started = found({ sort: 'startedAt', descending }).map(({ startedAt }) => startedAt === null);
    expect(started).toEqual([...started].sort((a, b) => Number(a) - Number(b)));
  }
});
