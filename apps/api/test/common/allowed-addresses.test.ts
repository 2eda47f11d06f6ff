import fc from 'fast-check';
import { expect, test } from 'vitest';
import { allowedAddresses } from '../../src/common/allowed-addresses.ts';

test.each<[string, string, boolean]>([
  ['', '203.0.113.9', true],
  ['192.0.2.7', '192.0.2.7', true],
  ['192.0.2.7', '192.0.2.8', false],
  ['192.0.2.7', '::ffff:192.0.2.7', true],
  ['192.0.2.7', '::FFFF:c000:0207', true],
  ['::ffff:192.0.2.7', '192.0.2.7', true],
  ['192.0.2.0/24', '192.0.2.255', true],
  ['192.0.2.77/24', '192.0.2.1', true],
  ['192.0.2.0/24', '192.0.3.0', false],
  ['192.0.2.0/24', '::ffff:192.0.2.1', true],
  ['::ffff:192.0.2.0/120', '192.0.2.200', true],
  ['::ffff:192.0.2.0/120', '192.0.3.1', false],
  ['0.0.0.0/0', '203.0.113.9', true],
  ['0.0.0.0/0', '2001:db8::1', false],
  ['2001:db8::/32', '2001:db8:ffff::1', true],
  ['2001:db8::/32', '2001:db9::1', false],
  ['2001:DB8::1', '2001:db8:0:0:0:0:0:1', true],
  ['fe80::/10', 'fe80::1%eth0', true],
  ['::1,192.0.2.7', '::1', true],
  ['192.0.2.7', '192.0.2.7:51234', true],
  ['192.0.2.7', '192.0.2.8:51234', false],
  ['2001:db8::1', '[2001:db8::1]:51234', true],
  ['192.0.2.7', 'unix', false],
  ['192.0.2.7', '', false],
])('the list "%s" and the address "%s": %s', (list, address, expected) => {
  const entries = list === '' ? [] : list.split(',');
  expect(allowedAddresses(entries)(address)).toBe(expected);
});

test('a range allows exactly the addresses with its prefix', () => {
  const byte = fc.nat(255);
  fc.assert(
    fc.property(
      fc.tuple(byte, byte, byte, byte),
      fc.tuple(byte, byte, byte, byte),
      fc.nat(32),
      (a, b, length) => {
        const bits = (bytes: readonly number[]): string =>
          bytes
            .map((value) => value.toString(2).padStart(8, '0'))
            .join('')
            .slice(0, length);
        const isAllowed = allowedAddresses([`${a.join('.')}/${length}`]);
        expect(isAllowed(b.join('.'))).toBe(bits(a) === bits(b));
        expect(isAllowed(`::ffff:${b.join('.')}`)).toBe(bits(a) === bits(b));
      },
    ),
  );
});
