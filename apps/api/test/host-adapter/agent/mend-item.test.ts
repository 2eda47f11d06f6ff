import { InventoryItem, maxFactProblems, type VmCheckpoint, type VmFacts } from '@aether-v/types';
import fc from 'fast-check';
import { Check } from 'typebox/value';
import { describe, expect, test } from 'vitest';
import { LineReader, type ReadLine } from '../../../src/host-adapter/agent/line-reader.ts';
import { withUniqueParts } from '../../../src/host-adapter/agent/unique-parts.ts';
import { disk, guid, hostFacts, vmFacts } from '../../support/facts.ts';

const op = '01900000-0000-7000-8000-000000000001';

function read(item: unknown): ReadLine<'watch'> {
  return new LineReader('watch', op).read(JSON.stringify({ op, seq: 0, type: 'item', item }));
}

function readVm(overrides: object): VmFacts {
  const result = read({ kind: 'vm', vm: { ...vmFacts(guid(1)), ...overrides } });
  if (!('line' in result) || result.line.type !== 'item' || result.line.item.kind !== 'vm') {
    throw new Error(`no VM: ${JSON.stringify(result)}`);
  }
  return result.line.item.vm;
}

describe('a VM with a value outside the contract', () => {
  test.for([
    ['memory that is no object', { memory: 7 }, undefined],
    [
      'a host name of the guest that is too long',
      { guest: { osName: 'x'.repeat(2000), osVersion: null, hostname: null } },
      'guest',
    ],
    ['a path of 1,025 characters', { configurationPath: `C:\\${'x'.repeat(1022)}` }, 'configurationPath'],
    ['an activity that is not known', { activity: { kind: 'Dancing', percent: null } }, 'activity'],
    ['a disk without a slot', { disks: [disk('C:\\a.vhdx'), { ...disk('C:\\b.vhdx'), id: 7 }] }, 'disks'],
    ['a list of adapters that is null', { networkAdapters: null }, 'networkAdapters'],
    ['a negative number of processors', { processors: -1 }, 'processors'],
    ['a state that is not known', { state: 'Sleeping' }, 'state'],
    [
      'a role whose state is 4294967295',
      { clusterRole: { name: 'x', state: 4294967295, ownerNode: 'hv1' } },
      'clusterRole',
    ],
  ] as const)('%s: the rest is kept and the part is named', ([, overrides, part]) => {
    if (part === undefined) {
      expect(read({ kind: 'vm', vm: { ...vmFacts(guid(1)), ...overrides } })).toMatchObject({
        flaw: { part: expect.stringContaining('VM-0001') as string, vmId: guid(1) },
      });
      return;
    }
    const vm = readVm(overrides);
    expect(vm).toMatchObject({ vmId: guid(1), name: 'VM-0001' });
    expect(vm.problems.map((one) => one.part.split(' ')[0])).toContain(part);
  });

  test('no JSON in any field ends the read, and what is kept conforms to the contract', () => {
    const field = fc.constantFrom(...Object.keys(vmFacts(guid(1))));
    fc.assert(
      fc.property(fc.dictionary(field, fc.jsonValue(), { maxKeys: 4 }), (overrides) => {
        const result = read({ kind: 'vm', vm: { ...vmFacts(guid(1)), ...overrides } });
        if ('line' in result && result.line.type === 'item')
          expect(Check(InventoryItem, result.line.item)).toBe(true);
        else expect(result).toHaveProperty('flaw.part');
      }),
      { numRuns: 300 },
    );
  });
});

test.for([[{ kind: 'vm', vm: null }], [{ kind: 'host', host: [] }], [{ kind: 'what' }], [null], [7], [[]]])(
  'the invalid item %j costs only itself',
  ([item]) => {
    expect(read(item)).toMatchObject({ final: false, flaw: { message: expect.any(String) as string } });
  },
);

test('a host with one invalid switch keeps the others', () => {
  const good = { id: 's1', name: 'LAN', type: 'External' } as const;
  const host = { ...hostFacts('hv1'), switches: [good, { id: 's2', name: 'x', type: 'Odd' }] };
  expect(read({ kind: 'host', host })).toMatchObject({ line: { item: { host: { switches: [good] } } } });
});

describe('withUniqueParts', () => {
  const checkpoint = (id: number, parentId: number | null): VmCheckpoint => ({
    id: guid(id),
    parentId: parentId === null ? null : guid(parentId),
    name: `c${String(id)}`,
    type: 'Production',
    automatic: false,
    createdAt: '2026-01-01T00:00:00Z',
    current: false,
  });

  test('leaves a valid VM unchanged', () => {
    const vm = vmFacts(guid(1), {
      disks: [disk('C:\\a.vhdx')],
      checkpoints: [checkpoint(1, null), checkpoint(2, 1)],
    });
    expect(withUniqueParts(vm)).toBe(vm);
  });

  test('makes a forest of unique checkpoints from any graph, and names its changes', () => {
    const id = fc.integer({ min: 0, max: 20 });
    const edges = fc.array(fc.tuple(id, fc.option(id)), { maxLength: 64 });
    fc.assert(
      fc.property(edges, (pairs) => {
        const given = pairs.map(([own, parent]) => checkpoint(own, parent));
        const vm = withUniqueParts(vmFacts(guid(1), { checkpoints: given }));
        const parentOf = new Map(vm.checkpoints.map((one) => [one.id, one.parentId]));
        expect(parentOf.size).toBe(vm.checkpoints.length);
        expect([...parentOf.keys()].sort()).toEqual([...new Set(given.map((one) => one.id))].sort());
        for (const { id: start } of vm.checkpoints) {
          let steps = 0;
          for (let at = parentOf.get(start) ?? null; at !== null; at = parentOf.get(at) ?? null) steps += 1;
          expect(steps).toBeLessThanOrEqual(vm.checkpoints.length);
        }
        const changed =
          given.length !== vm.checkpoints.length ||
          vm.checkpoints.some(
            (one) => one.parentId !== given.find(({ id: own }) => own === one.id)?.parentId,
          );
        expect(vm.problems.length > 0).toBe(changed);
        expect(vm.problems.length).toBeLessThanOrEqual(maxFactProblems);
      }),
    );
  });

  test('keeps the first of two disks in one slot', () => {
    const vm = withUniqueParts(vmFacts(guid(1), { disks: [disk('C:\\a.vhdx'), disk('C:\\b.vhdx')] }));
    expect(vm.disks.map(({ path }) => path)).toEqual(['C:\\a.vhdx']);
    expect(vm.problems).toMatchObject([{ part: 'disks scsi-0-0' }]);
  });
});
