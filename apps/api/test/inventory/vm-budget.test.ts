import { maxVmsPerHost, type VmFacts } from '@aether-v/types';
import { describe, expect, test } from 'vitest';
import { maxHostVmBytes, maxVmBytes, VmBudget } from '../../src/inventory/vm-budget.ts';
import { disk, guid, vmFacts } from '../support/facts.ts';

const folder = `C:\\ClusterStorage\\Volume01\\${'x'.repeat(100)}`;
const sizeOf = (vm: VmFacts): number => Buffer.byteLength(JSON.stringify(vm));

/** A VM with disks of paths as long as the contract allows. */
function large(number: number, count: number): VmFacts {
  const path = `C:\\${'x'.repeat(1000)}`;
  const disks = Array.from({ length: count }, (_, at) =>
    disk(path, { id: `scsi-0-${at % 64}`, parentPath: path }),
  );
  return vmFacts(guid(number), { disks, notes: 'n'.repeat(8192) });
}

describe('the memory for VMs of one host', () => {
  test('holds all of the largest VM that Hyper-V allows', () => {
    const disks = Array.from({ length: 256 }, (_, at) =>
      disk(`${folder}\\disk${String(at)}.avhdx`, {
        id: `scsi-${Math.floor(at / 64)}-${at % 64}`,
        controllerNumber: Math.floor(at / 64),
        controllerLocation: at % 64,
        parentPath: `${folder}\\disk${String(at)}.vhdx`,
      }),
    );
    const checkpoints = Array.from({ length: 50 }, (_, at) => ({
      id: guid(at),
      parentId: at === 0 ? null : guid(at - 1),
      name: `VM - (29/11/2026 - 10:${String(at)}:00)`,
      type: 'Production' as const,
      automatic: false,
      createdAt: '2026-11-29T10:00:00.0000000Z',
      current: at === 49,
    }));
    const vm = vmFacts(guid(1), { disks, checkpoints });
    expect(sizeOf(vm)).toBeGreaterThan(100_000);
    expect(sizeOf(vm)).toBeLessThan(maxVmBytes);
    expect(new VmBudget().fit(vm)).toBe(vm);
  });

  test('reduces a VM beyond its limit to its identity, and names the loss', () => {
    const vm = new VmBudget().fit(large(1, 100));
    expect(vm).toMatchObject({ vmId: guid(1), state: 'Running', disks: [], checkpoints: [] });
    expect(vm.problems.map(({ part }) => part)).toEqual(['disks', 'notes']);
    expect(sizeOf(vm)).toBeLessThan(8192);
  });

  test('stays within the host’s limit with 4,096 VMs of 150 kB, and is released as VMs are removed', () => {
    const budget = new VmBudget();
    const total = Array.from({ length: maxVmsPerHost }, (_, at) => sizeOf(budget.fit(large(at, 65)))).reduce(
      (a, b) => a + b,
      0,
    );
    expect(sizeOf(large(0, 65))).toBeGreaterThan(130_000);
    expect(total).toBeLessThan(1.3 * maxHostVmBytes);
    expect(budget.fit(vmFacts(guid(9)))).toMatchObject({ disks: [] });
    for (let at = 0; at < maxVmsPerHost; at += 1) budget.release(guid(at));
    const vm = large(1, 65);
    expect(budget.fit(vm)).toBe(vm);
  });

  test('is not reduced by VMs that a full read no longer lists', () => {
    const budget = new VmBudget();
    for (let at = 0; at < 300; at += 1) budget.fit(large(at, 65));
    expect(budget.fit(large(400, 65))).toMatchObject({ disks: [] });
    budget.retain(new Set([guid(1)]));
    const vm = large(2, 65);
    expect(budget.fit(vm)).toBe(vm);
  });
});
