import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isUnicastMac, parseMac } from '../../src/vm-forms/mac.ts';
import { parseSize, sizeText } from '../../src/vm-forms/sizes.ts';

const gib = 1024 ** 3;

describe('sizes as people type them', () => {
  test.each([
    ['60', 60 * gib],
    ['60 GB', 60 * gib],
    ['1.5 TB', 1536 * gib],
    ['1,5tb', 1536 * gib],
    ['512 MB', gib / 2],
    [' 2 GiB ', 2 * gib],
    ['', null],
    ['many', null],
    ['-4', null],
    ['4 PB', null],
    ['1e3', null],
  ])('%j is %s bytes', (text, bytes) => expect(parseSize(text)).toBe(bytes));

  test('are rounded to the unit of allocation', () => {
    expect(parseSize('3 MB', 2 * 1024 ** 2)).toBe(4 * 1024 ** 2);
  });

  test('written and read again are the same', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 64 * 1024 ** 2 }), (mib) => {
        expect(parseSize(sizeText(mib * 1024 ** 2))).toBe(mib * 1024 ** 2);
      }),
    );
  });
});

describe('MAC addresses', () => {
  test.each(['00155D010203', '00-15-5d-01-02-03', '00:15:5D:01:02:03', '0015.5d01.0203'])(
    '%s is read in its notation',
    (text) => expect(parseMac(text)).toBe('00155D010203'),
  );
  test.each(['', '00155D01020', '00155D01020G', '00155D0102034'])('%j is refused', (text) =>
    expect(parseMac(text)).toBeNull(),
  );
  test('of groups and of no one are told apart from those of adapters', () => {
    expect(['00155D010203', '01155D010203', '000000000000'].map(isUnicastMac)).toEqual([true, false, false]);
  });
});
