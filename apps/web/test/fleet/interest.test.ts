import { expect, test } from 'vitest';
import { noInterest, sameInterest, uniteInterest } from '../../src/fleet/interest.ts';

test('merges without duplicates, in a stable order', () => {
  const united = uniteInterest([
    { vmIds: ['b', 'a'], hostIds: [] },
    { vmIds: ['a'], hostIds: ['h'] },
  ]);
  expect(united).toEqual({ vmIds: ['a', 'b'], hostIds: ['h'] });
  expect(uniteInterest([])).toEqual(noInterest);
});

test('never requests more than the service allows', () => {
  const many = Array.from({ length: 700 }, (_, n) => `id-${n}`);
  const { vmIds, hostIds } = uniteInterest([{ vmIds: many, hostIds: ['h'] }]);
  expect(vmIds.length + hostIds.length).toBe(500);
  expect(hostIds).toEqual(['h']);
});

test('compares by content', () => {
  expect(sameInterest({ vmIds: ['a'], hostIds: [] }, { vmIds: ['a'], hostIds: [] })).toBe(true);
  expect(sameInterest({ vmIds: ['a'], hostIds: [] }, { vmIds: [], hostIds: ['a'] })).toBe(false);
});
