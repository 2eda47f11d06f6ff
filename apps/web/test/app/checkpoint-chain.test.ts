import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { VmCheckpoint } from '@aether-v/types';
import { chainDepths } from '../../src/checkpoints/checkpoint-chain.ts';

const checkpoint = (id: number, parentId: number | null): VmCheckpoint =>
  ({
    id: String(id),
    parentId: parentId === null ? null : String(parentId),
    name: `c${id}`,
    type: 'Production',
    createdAt: `2026-01-01T00:00:${String(id).padStart(2, '0')}Z`,
    current: false,
  }) as VmCheckpoint;

test('lists every checkpoint once, whatever graph the parents form', () => {
  const id = fc.integer({ min: 0, max: 20 });
  const edges = fc.array(fc.tuple(id, fc.option(id)), { maxLength: 64 });
  fc.assert(
    fc.property(edges, (pairs) => {
      const given = pairs.map(([own, parent]) => checkpoint(own, parent));
      const listed = chainDepths(given);
      expect(listed.map(({ checkpoint: { id: own } }) => own).sort()).toEqual(
        [...new Set(given.map(({ id: own }) => own))].sort(),
      );
      // Each is below its parent, one deeper, unless it is a root.
      for (const [at, { checkpoint: one, depth }] of listed.entries()) {
        if (depth === 0) continue;
        const parentAt = listed.findIndex(({ checkpoint: { id: own } }) => own === one.parentId);
        expect(parentAt).toBeLessThan(at);
        expect(listed[parentAt]?.depth).toBe(depth - 1);
      }
    }),
  );
});

test('64 checkpoints with two ids that refer to each other are two rows, not 2^32', () => {
  const given = Array.from({ length: 64 }, (_, at) => checkpoint(at % 2, (at + 1) % 2));
  expect(chainDepths(given).map(({ checkpoint: { id }, depth }) => [id, depth])).toEqual([
    ['0', 0],
    ['1', 1],
  ]);
});
