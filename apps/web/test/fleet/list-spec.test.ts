import { expect, test } from 'vitest';
import type { Vm } from '@aether-v/types';
import { touchesVmList, type VmListSpec } from '../../src/fleet/list-spec.ts';
import { makeHosts, makeVms } from '../fake-api/rows.ts';

const [vm] = makeVms(1, makeHosts(0), 0) as [Vm];
const plain: VmListSpec = { sort: 'name', descending: false };

test.each<[string, VmListSpec, Vm | null, Vm | null, boolean]>([
  ['a new VM', plain, null, vm, true],
  ['a deleted VM', plain, vm, null, true],
  ['a VM that was and is not there', plain, null, null, false],
  ['a state, in the order of names', plain, vm, { ...vm, state: 'Saved' }, false],
  ['a name, in any order', { ...plain, sort: 'host' }, vm, { ...vm, name: 'Z' }, true],
  ['a state, in the order of states', { ...plain, sort: 'state' }, vm, { ...vm, state: 'Saved' }, true],
  ['a state, with states chosen', { ...plain, states: ['Off'] }, vm, { ...vm, state: 'Saved' }, true],
  ['a host, on the page of a host', { ...plain, hostId: 'hv-01' }, vm, { ...vm, hostId: 'hv-02' }, true],
  ['a host, on the page of a cluster', { ...plain, clusterId: 'c' }, vm, { ...vm, hostId: 'hv-02' }, false],
  ['notes, while searching', { ...plain, search: 'x' }, vm, { ...vm, notes: 'x' }, true],
  ['notes, without a search', plain, vm, { ...vm, notes: 'x' }, false],
  ['a start, in the order of uptime', { ...plain, sort: 'startedAt' }, vm, { ...vm, startedAt: null }, true],
  ['processors, in their order', { ...plain, sort: 'processors' }, vm, { ...vm, processors: 64 }, true],
  ['checkpoints, while searching', { ...plain, search: 'x' }, vm, { ...vm, checkpoints: [] }, true],
  ['checkpoints, with states chosen', { ...plain, states: ['Off'] }, vm, { ...vm, checkpoints: [] }, false],
])('%s', (_, spec, before, after, touches) => {
  expect(touchesVmList(spec, before, after)).toBe(touches);
});
