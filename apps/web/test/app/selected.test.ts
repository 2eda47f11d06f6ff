import { expect, test } from 'vitest';
import { nothingSelected, ranged, replaced, toggled, without } from '../../src/vm-table/selected.ts';

const idsOf = ({ ids }: { readonly ids: ReadonlySet<string> }): string => [...ids].sort().join('');

test('toggling a row selects it, and toggling it again deselects it', () => {
  const one = toggled(nothingSelected, 'a');
  expect(idsOf(one)).toBe('a');
  expect(idsOf(toggled(toggled(one, 'b'), 'a'))).toBe('b');
});

test('a second range from the same anchor replaces the first one and keeps rows selected before', () => {
  const selected = toggled(toggled(nothingSelected, 'x'), 'c');
  const wide = ranged(selected, 'c', ['c', 'd', 'e']);
  expect(idsOf(wide)).toBe('cdex');
  expect(idsOf(ranged(wide, 'c', ['b', 'c']))).toBe('bcx');
});

test('a range from another anchor keeps the range before it', () => {
  const first = ranged(nothingSelected, 'a', ['a', 'b']);
  expect(idsOf(ranged(first, 'm', ['m', 'n']))).toBe('abmn');
});

test('a range after `select all` adds to it', () => {
  expect(idsOf(ranged(replaced(['a', 'b']), 'b', ['b', 'c']))).toBe('abc');
});

test('deleted rows leave the selection, which otherwise stays the same object', () => {
  const selected = ranged(toggled(nothingSelected, 'a'), 'a', ['a', 'b']);
  expect(without(selected, () => false)).toBe(selected);
  const left = without(selected, (id) => id === 'a');
  expect(idsOf(left)).toBe('b');
  expect(idsOf(ranged(left, 'a', ['c']))).toBe('c');
});
