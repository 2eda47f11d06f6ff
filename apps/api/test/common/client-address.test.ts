import fc from 'fast-check';
import { expect, test } from 'vitest';
import { clientOfAddress } from '../../src/common/client-address.ts';

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['::1', '0:0:0:0::/64'],
  ['2001:db8::', '2001:db8:0:0::/64'],
  ['2001:db8:0:1:2:3:4:5', '2001:db8:0:1::/64'],
  ['2001:0DB8::1:2:3:4:5', '2001:db8:0:1::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['192.0.2.7:51234', '192.0.2.7'],
  ['[2001:db8::1]:51234', '2001:db8:0:0::/64'],
  ['[2001:db8::1]', '2001:db8:0:0::/64'],
  [undefined, 'unknown'],
])('counts %s as the client %s', (address, client) => {
  expect(clientOfAddress(address)).toBe(client);
});

test('counts all addresses of an IPv6 /64 as one client, however they are written', () => {
  const group = fc.integer({ min: 0, max: 0xffff });
  const four = fc.tuple(group, group, group, group);
  fc.assert(
    fc.property(four, four, four, (network, one, other) => {
      const write = (groups: readonly number[]): string =>
        new URL(`http://[${groups.map((part) => part.toString(16)).join(':')}]`).hostname.slice(1, -1);
      const [a, b] = [one, other].map((host) => clientOfAddress(write([...network, ...host])));
      expect(a).toBe(b);
      expect(a).toBe(`${network.map((part) => part.toString(16)).join(':')}::/64`);
    }),
  );
});
