import { describe, expect, test } from 'vitest';
import { clusteredVm, guid, hostFacts, vmFacts } from '../support/facts.ts';
import { ReducedFleet } from '../support/reduced-fleet.ts';

const cluster = guid(0xc1);
const vm1 = guid(1);
const nodes = ['hv1', 'hv2'];

/** The cluster service of `hv1` stopped, and the VM that it had failed over to `hv2`; `hv1` still reports its copy. */
function failedOver(): ReducedFleet {
  const fleet = new ReducedFleet();
  fleet.read('hv1', [clusteredVm(vm1, 'hv1')], cluster, nodes);
  fleet.read('hv2', [], cluster, nodes);
  fleet.fact('hv1', { kind: 'host', host: hostFacts('hv1') });
  fleet.vm('hv1', vmFacts(vm1));
  fleet.vm('hv2', clusteredVm(vm1, 'hv2'));
  return fleet;
}

describe('a VM that failed over from a node whose cluster service had stopped', () => {
  test('is in conflict on the other node while both report it', () => {
    const { rows } = failedOver();
    expect(rows.vm.get(vm1)).toMatchObject({ hostId: 'hv1', conflict: null });
    expect(rows.vm.get(`${vm1}@hv2`)).toMatchObject({ conflict: { code: 'vm-id' } });
  });

  test('belongs to the node that owns its role once the other one is unreachable', () => {
    const fleet = failedOver();
    fleet.unreachable('hv1');
    expect(fleet.rows.vm.get(vm1)).toMatchObject({ hostId: 'hv2', clusterId: cluster, conflict: null });
    expect(fleet.rows.vm.get(`${vm1}@hv1`)).toMatchObject({ conflict: { code: 'vm-id' } });
    fleet.read('hv1', [], cluster, nodes);
    expect(fleet.vms).toEqual([`${vm1} on hv2`]);
  });

  test('keeps its id there, in conflict, when the other one returns with its copy', () => {
    const fleet = failedOver();
    fleet.unreachable('hv1');
    fleet.connect('hv1');
    fleet.fact('hv1', { kind: 'host', host: hostFacts('hv1') });
    fleet.vm('hv1', vmFacts(vm1));
    fleet.fact('hv1', { kind: 'synced', vmIds: [vm1] });
    expect(fleet.rows.vm.get(vm1)).toMatchObject({ hostId: 'hv2', conflict: { code: 'vm-id' } });
    expect(fleet.rows.vm.get(`${vm1}@hv1`)).toMatchObject({ conflict: { code: 'vm-id' } });
    fleet.gone('hv1');
    expect(fleet.rows.vm.get(vm1)).toMatchObject({ hostId: 'hv2', conflict: null });
  });

  test('stays in place while the node that has it does not own its role', () => {
    const fleet = failedOver();
    fleet.vm('hv2', clusteredVm(vm1, 'hv1'));
    fleet.unreachable('hv1');
    expect(fleet.rows.vm.get(vm1)).toMatchObject({ hostId: 'hv1', conflict: null });
  });
});

test.each([
  ['never belonged to', null],
  ['left, but that others joined', cluster],
])('a VM of an unreachable host is not taken over by a cluster that the host %s', (_what, before) => {
  const fleet = new ReducedFleet();
  fleet.read('hv1', [vmFacts(vm1)], before, ['hv1']);
  fleet.fact('hv1', { kind: 'host', host: hostFacts('hv1') });
  fleet.unreachable('hv1');
  for (const host of ['evil1', 'evil2']) fleet.read(host, [], cluster, ['evil1', 'evil2', 'hv1']);
  fleet.vm('evil1', clusteredVm(vm1, 'evil1'));
  expect(fleet.rows.vm.get(vm1)).toMatchObject({ hostId: 'hv1', conflict: null });
  expect(fleet.rows.vm.get(`${vm1}@evil1`)).toMatchObject({ conflict: { code: 'vm-id' } });
});
