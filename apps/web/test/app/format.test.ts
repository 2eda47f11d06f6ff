import { describe, expect, test } from 'vitest';
import {
  formatAgo,
  formatBytes,
  formatDuration,
  formatMac,
  formatPart,
  formatPercent,
} from '../../src/components/format.ts';

// The words depend on the locale; the numbers and their units do not.
describe('numbers', () => {
  test.each([
    [0, /^0\D/],
    [1023, /^1.?023\D/],
    [512 * 1024 ** 2, /^512 ?\S/],
    [8 * 1024 ** 3, /^8[.,]0/],
    [1536 * 1024 ** 3, /^1[.,]5/],
    [Number.MAX_SAFE_INTEGER, /^8[.,]0|^8.?192/],
  ])('%d bytes', (bytes, text) => {
    expect(formatBytes(bytes)).toMatch(text);
  });

  test('bytes have a plural', () => {
    const plural = new Intl.NumberFormat(undefined, { style: 'unit', unit: 'byte', unitDisplay: 'long' });
    expect(formatBytes(0)).toBe(plural.format(0));
  });

  test.each([
    [320.7, 512, /^321 of 512/],
    [33.5, 100, /^33[.,]5 of 100/],
    [0.52, 2, /^0[.,]52 of 2/],
  ])('%d of %d GB has three significant digits', (part, whole, text) => {
    expect(formatPart(part * 1024 ** 3, whole * 1024 ** 3, (a, b) => `${a} of ${b}`)).toMatch(text);
  });

  test('percent without decimals', () => {
    expect(formatPercent(22.6)).toMatch(/^23/);
  });

  test.each([
    [12 * 86_400_000 + 5, /^12\D/],
    [3 * 3_600_000, /^3\D/],
    [59_000, /^59\D/],
    [-5, /^0\D/],
  ])('a duration of %d ms', (ms, text) => {
    expect(formatDuration(ms)).toMatch(text);
  });

  test('the time since a moment uses the largest unit', () => {
    expect(formatAgo(0, 4 * 60_000)).toMatch(/4/);
    expect(formatAgo(0, 1000)).toBe(
      new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' }).format(0, 'second'),
    );
  });

  test('a MAC address', () => {
    expect(formatMac('00155D010203')).toBe('00-15-5D-01-02-03');
  });
});
