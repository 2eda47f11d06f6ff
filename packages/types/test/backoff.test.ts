import { expect, test } from 'vitest';
import { backoffDelay } from '../src/index.ts';

const waits = { first: 500, longest: 15_000 };

test.each([
  ['half of the first wait at least', 1, 0, 250],
  ['the first wait at most', 1, 1, 500],
  ['twice as long after the second failure', 2, 1, 1000],
  ['half of the longest wait at least', 60, 0, 7500],
  ['the longest wait at most', 60, 1, 15_000],
])('the delay is %s', (_, failures, random, delay) => {
  expect(backoffDelay(failures, { ...waits, random: () => random })).toBe(delay);
});
