import { expect, test } from 'vitest';
import { shortcutOf } from '../../src/app/shortcuts.ts';

test('a letter leads to a page only after g', () => {
  expect(shortcutOf('v', true)).toEqual({ kind: 'go', to: '/vms' });
  expect(shortcutOf('v', false)).toBeNull();
  expect(shortcutOf('h', true)).toEqual({ kind: 'go', to: '/hosts' });
  expect(shortcutOf('g', false)).toEqual({ kind: 'wait' });
});

test('j after g leads to the jobs, and otherwise into the list', () => {
  expect(shortcutOf('j', true)).toEqual({ kind: 'go', to: '/jobs' });
  expect(shortcutOf('j', false)).toEqual({ kind: 'list' });
});

test('names of built-in properties are no shortcuts', () => {
  for (const key of ['constructor', 'toString', 'Enter']) expect(shortcutOf(key, true)).toBeNull();
});
