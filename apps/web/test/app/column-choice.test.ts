import { describe, expect, test } from 'vitest';
import { chosenColumns, fitColumns, leastWidthOf, readChoice } from '../../src/table/column-choice.ts';
import { nextSort, readSort } from '../../src/table/column.ts';

const columns = [
  { name: 'name', label: 'Name', width: 10, shown: 'always' },
  { name: 'state', label: 'State', width: 10 },
  { name: 'agent', label: 'Agent', width: 10, leaveOut: 2 },
  { name: 'host', label: 'Host', width: 10, leaveOut: 1 },
  { name: 'notes', label: 'Notes', width: 10, shown: 'extra' },
] as const;
const names = (shown: readonly { readonly name: string }[]): string[] => shown.map(({ name }) => name);

describe('chosen columns', () => {
  test('are all but the extra ones by default', () => {
    expect(names(chosenColumns(columns, null))).toEqual(['name', 'state', 'agent', 'host']);
  });

  test('are in the order of the table, always with the one that identifies the row', () => {
    expect(names(chosenColumns(columns, ['notes', 'state', 'gone']))).toEqual(['name', 'state', 'notes']);
  });

  test.each([[null], ['not JSON'], ['{}'], ['7']])('are the default if %j is stored', (text) => {
    expect(readChoice(text)).toBeNull();
  });

  test('leave out what is stored but is not a name', () => {
    expect(readChoice('["state", 7, null]')).toEqual(['state']);
  });
});

describe('columns that are fitted to the screen', () => {
  const all = chosenColumns(columns, null);

  test('all stay if there is room', () => {
    expect(fitColumns(all, leastWidthOf(all))).toBe(all);
  });

  test('go in their order until the rest fits', () => {
    expect(names(fitColumns(all, leastWidthOf(all) - 1))).toEqual(['name', 'state', 'host']);
    expect(names(fitColumns(all, 25))).toEqual(['name', 'state']);
  });

  test('never include one without a place in that order, however small the screen', () => {
    expect(names(fitColumns(all, 0))).toEqual(['name', 'state']);
  });
});

describe('the order of a table', () => {
  const Cell = (): null => null;
  const sortable = [
    { name: 'name', label: 'Name', width: 1, sortable: true, Cell, csv: [] },
    { name: 'cpu', label: 'CPU', width: 1, sortable: true, numeric: true, Cell, csv: [] },
    { name: 'actions', label: '', width: 1, Cell, csv: [] },
  ] as const;
  const otherwise = { column: 'cpu', descending: true };

  test.each([
    ['name', { column: 'name', descending: false }],
    ['-name', { column: 'name', descending: true }],
    ['actions', otherwise],
    ['unknown', otherwise],
    [undefined, otherwise],
  ])('%j in the address is read as %j', (text, expected) => {
    expect(readSort(text, sortable, otherwise)).toEqual(expected);
  });

  test('a first click sorts texts from A and numbers from the largest; the next click reverses it', () => {
    const [name, cpu] = sortable;
    expect(nextSort(name, otherwise)).toBe('name');
    expect(nextSort(cpu, { column: 'name', descending: false })).toBe('-cpu');
    expect(nextSort(cpu, otherwise)).toBe('cpu');
  });
});
