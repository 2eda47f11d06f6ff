import type { Plan } from '@aether-v/types';
import { describe, expect, test } from 'vitest';
import { plannedVms } from '../../src/bulk/bulk-plan.ts';
import { planOf } from '../fake-api/changes.ts';
import { makeHosts, makeVms } from '../fake-api/rows.ts';

const vms = makeVms(3, makeHosts(Date.now()), Date.now());
const refused = (code: 'wrong-state' | 'not-supported'): Partial<Plan> => ({
  refusals: [{ code, message: '', remedy: null }],
});

describe('the dry run for several VMs', () => {
  test('leaves out VMs with a refusal, and keeps those whose agent cannot check', () => {
    const items = vms.map((vm, at) =>
      planOf(vm, 'vm.delete', [{}, refused('wrong-state'), refused('not-supported')][at]),
    );
    const { possible, leftOut } = plannedVms(vms, { ok: false, items });
    expect(possible.map(({ vm, isUnchecked }) => [vm.id, isUnchecked])).toEqual([
      [vms[0]?.id, false],
      [vms[2]?.id, true],
    ]);
    expect(leftOut.map(({ vm }) => vm.id)).toEqual([vms[1]?.id]);
  });

  test('has no VMs before it was answered', () => {
    expect(plannedVms(vms, null)).toEqual({ possible: [], leftOut: [] });
  });
});
