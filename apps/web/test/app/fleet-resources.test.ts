import { describe, expect, test } from 'vitest';
import { sourceHints } from '../../src/pages/create/fleet-resources.ts';

describe('the lists of a new VM', () => {
  test.each([
    [6, 6, 6, []],
    [
      8,
      39,
      40,
      [
        'From 8 of 39 hosts. Choose a host to see all of its resources.',
        'The list does not include 1 unreachable host.',
      ],
    ],
    [6, 6, 8, ['The list does not include 2 unreachable hosts.']],
  ])('from %i of %i connected of %i hosts say what is left out', (read, connected, all, hints) => {
    expect(sourceHints(read, connected, all)).toEqual(hints);
  });
});
