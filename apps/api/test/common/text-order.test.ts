import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { textOrderKey } from '../../src/common/text-order.ts';

const sorted = (names: readonly string[]): string[] =>
  names.toSorted((a, b) => (textOrderKey(a) < textOrderKey(b) ? -1 : 1));

describe('the order of names', () => {
  test.each([
    ['numbers by value', ['web2', 'web10', 'web100']],
    [
      'numbers of more than twelve digits by value',
      ['vm 9', 'vm 1234567890123', 'vm 9999999999999', 'vm 10000000000000'],
    ],
    ['case and accents as equal', ['Ärger', 'arger2', 'ÄRGER3']],
    ['letters without decomposition as their usual spelling', ['orsted1', 'Ørsted2', 'orsted3']],
  ])('sorts %s', (_, names) => {
    expect(sorted(names.toReversed())).toEqual(names);
  });

  test('leading zeros do not matter', () => {
    expect(textOrderKey('web007')).toBe(textOrderKey('web7'));
    expect(textOrderKey('web000')).toBe(textOrderKey('web0'));
  });

  test('numbers of any length are in the order of their values', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 10n ** 40n }),
        fc.bigInt({ min: 0n, max: 10n ** 40n }),
        (a, b) => {
          expect(textOrderKey(`vm${a}`) < textOrderKey(`vm${b}`)).toBe(a < b);
        },
      ),
    );
  });
});
