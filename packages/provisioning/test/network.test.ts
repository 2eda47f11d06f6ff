import { describe, expect, test } from 'vitest';
import { documentProblems, type DocumentSections } from '../src/index.ts';

type Adapter = NonNullable<DocumentSections['network']>['adapters'][number];

const first: Adapter = {
  mac: '00:15:5d:00:00:01',
  addresses: ['192.0.2.10/24', '2001:db8::10/64'],
  gateway4: '192.0.2.1',
  gateway6: '2001:db8::1',
  dns: ['192.0.2.53', '2001:db8::53'],
  search: ['example.org'],
  mtu: 1400,
};
const second: Adapter = { mac: '00:15:5d:00:00:02', dhcp4: true, dhcp6: true };

const problems = (...adapters: object[]): string[] => documentProblems({ network: { adapters } });
const at = (field: string, adapter = 0): string => `/network/adapters/${adapter}/${field}`;

describe('documentProblems of the section network', () => {
  test('accepts static addresses next to an adapter with DHCP', () => {
    expect(problems(first, second)).toEqual([]);
  });

  test.each([
    ['a link-local gateway', { gateway6: 'fe80::1' }],
    [
      'gateways outside of all prefixes that are on-link',
      { gateway4: '203.0.113.1', gateway6: '2001:db8:9::1', onLink: true },
    ],
    [
      'a prefix of 31 bits',
      { addresses: ['192.0.2.0/31'], gateway4: '192.0.2.1', gateway6: undefined, dns: undefined },
    ],
    ['IPv4 by DHCP and static IPv6', { dhcp4: true, addresses: ['2001:db8::10/64'], gateway4: undefined }],
    ['a link-local address', { addresses: [...(first.addresses ?? []), 'fe80::5/64'] }],
  ])('accepts %s', (_, change) => {
    expect(problems(JSON.parse(JSON.stringify({ ...first, ...change })) as object)).toEqual([]);
  });

  test.each([
    ['an octet above 255', { addresses: ['192.0.2.256/24'] }, 'addresses/0'],
    ['an octet with a leading zero', { addresses: ['192.0.2.010/24'] }, 'addresses/0'],
    ['an address without a prefix length', { addresses: ['192.0.2.10'] }, 'addresses/0'],
    ['a prefix length of 33', { addresses: ['192.0.2.10/33'] }, 'addresses/0'],
    ['an IPv6 address with two gaps', { addresses: ['2001::db8::1/64'] }, 'addresses/0'],
    ['an IPv6 address with a zone', { gateway6: 'fe80::1%eth0' }, 'gateway6'],
    ['the address of the network', { addresses: ['192.0.2.0/24', '2001:db8::10/64'] }, 'addresses/0'],
    ['the broadcast address', { addresses: ['192.0.2.255/24', '2001:db8::10/64'] }, 'addresses/0'],
    [
      'a multicast address',
      { addresses: ['192.0.2.10/24', 'ff02::1/64'], gateway6: undefined, dns: undefined },
      'addresses/1',
    ],
    ['a loopback address', { addresses: [...(first.addresses ?? []), '127.0.0.1/8'] }, 'addresses/2'],
    ['a gateway outside of the prefixes', { gateway4: '198.51.100.1' }, 'gateway4'],
    ['an IPv6 gateway outside of the prefixes', { gateway6: '2001:db8:1::1' }, 'gateway6'],
    ['a gateway that is its own address', { gateway4: '192.0.2.10' }, 'gateway4'],
    [
      'a gateway without a static address of its family',
      { addresses: ['192.0.2.10/24'], dns: undefined },
      'gateway6',
    ],
    ['DHCP and a static address of the same family', { dhcp4: true }, 'dhcp4'],
    ['router advertisements and a static IPv6 address', { dhcp6: true }, 'dhcp6'],
    [
      'a DNS server of a family that the adapter lacks',
      { addresses: ['192.0.2.10/24'], gateway6: undefined },
      'dns/1',
    ],
    ['a DNS server that is a multicast address', { dns: ['224.0.0.1'] }, 'dns/0'],
    ['a search domain with a space', { search: ['example.org evil'] }, 'search/0'],
    ['an MTU below 1280 with IPv6', { mtu: 1279 }, 'mtu'],
    ['an MTU above 9000', { mtu: 9001 }, 'mtu'],
    ['a multicast MAC address', { mac: '01:15:5d:00:00:01' }, 'mac'],
    ['the MAC address zero', { mac: '00:00:00:00:00:00' }, 'mac'],
    ['a MAC address in upper case', { mac: '00:15:5D:00:00:01' }, 'mac'],
  ])('names the field of %s', (_, change, field) => {
    expect(problems(JSON.parse(JSON.stringify({ ...first, ...change })) as object)).toEqual([at(field)]);
  });

  test('names an adapter without any address', () => {
    expect(problems({ mac: second.mac })).toEqual(['/network/adapters/0']);
  });

  test('names an unknown member of an adapter, and not its value', () => {
    expect(problems({ ...second, bridge: 's3cret' }).join()).not.toContain('s3cret');
    expect(problems({ ...second, bridge: 's3cret' })).not.toEqual([]);
  });

  test('names the second adapter with the same MAC address', () => {
    expect(problems(first, { ...second, mac: first.mac })).toEqual([at('mac', 1)]);
  });

  test('names an address that another adapter has, however it is written', () => {
    const same = { mac: second.mac, addresses: ['192.0.2.10/25', '2001:db8:0:0::10/128'] };
    expect(problems(first, same)).toEqual([at('addresses/0', 1), at('addresses/1', 1)]);
  });

  test('names a second default gateway of the same family', () => {
    const other = { mac: second.mac, addresses: ['198.51.100.7/24'], gateway4: '198.51.100.1' };
    expect(problems(first, other)).toEqual([at('gateway4', 1)]);
  });

  test('refuses more adapters than a VM of Hyper-V has', () => {
    const adapters = Array.from({ length: 9 }, (_, index) => ({
      mac: `00:15:5d:00:00:0${index}`,
      dhcp4: true,
    }));
    expect(problems(...adapters.slice(1))).toEqual([]);
    expect(problems(...adapters)).toEqual(['/network/adapters']);
  });

  test('refuses values that would end a line or a text in the files of a guest', () => {
    for (const hostile of ['\n', '"', "'", ';', ' ', '#', '$(x)', '`x`', '\\', ']', '\u2028', '{}', '\t']) {
      for (const field of ['mac', 'gateway4', 'gateway6'] as const) {
        expect(problems({ ...first, [field]: `${first[field] ?? ''}${hostile}` })).toContain(at(field));
      }
      for (const field of ['addresses', 'dns', 'search'] as const) {
        const value = first[field]?.[0] ?? '';
        for (const text of [`${value}${hostile}`, `${hostile}${value}`, `${value}${hostile}x`]) {
          expect(problems({ ...first, [field]: [text] })).toContain(at(`${field}/0`));
        }
      }
    }
  });
});
