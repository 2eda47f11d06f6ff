import type { Vm, VmNetworkAdapter } from '@aether-v/types';
import { describe, expect, test } from 'vitest';
import { vmFilter } from '../../src/vms/vm-filter.ts';
import { guid, vmFacts } from '../support/facts.ts';

function adapter(change: Partial<VmNetworkAdapter>): VmNetworkAdapter {
  return {
    id: guid(900),
    name: 'Network Adapter',
    legacy: false,
    switchName: null,
    connected: true,
    vlan: { mode: 'Untagged', accessVlanId: null, nativeVlanId: null, allowedVlanIds: null },
    macAddress: null,
    dynamicMacAddress: true,
    addresses: [],
    ...change,
  };
}

function vm(number: number, change: Partial<Vm>): Vm {
  return {
    ...vmFacts(guid(number)),
    id: guid(number),
    hostId: 'hv01.example.org',
    hostName: 'HV01',
    clusterId: null,
    clusterName: null,
    moving: false,
    stale: null,
    conflict: null,
    addresses: [],
    ...change,
  };
}

const fleet = [
  vm(1, {
    name: 'web01',
    notes: 'Straße 5, “shop front”',
    networkAdapters: [
      adapter({
        switchName: 'Production LAN',
        macAddress: '00155D0A1B2C',
        vlan: { mode: 'Access', accessVlanId: 120, nativeVlanId: null, allowedVlanIds: null },
        addresses: ['10.0.0.1', '2001:db8::a:1'],
      }),
    ],
    guest: {
      osName: 'Windows Server 2025 Datacenter',
      osVersion: '10.0.26100',
      hostname: 'shop.example.org',
    },
  }),
  vm(2, {
    name: 'web02',
    state: 'Off',
    hostName: 'HV02',
    hostId: 'hv02.example.org',
    clusterId: guid(700),
    clusterName: 'Łódź-CL1',
    networkAdapters: [
      adapter({
        macAddress: '00155DFFEEDD',
        vlan: { mode: 'Trunk', accessVlanId: null, nativeVlanId: 5, allowedVlanIds: '10,100-130' },
        addresses: ['10.0.0.12'],
      }),
    ],
    guest: { osName: 'Ubuntu 24.04 LTS', osVersion: null, hostname: null },
  }),
  vm(3, { name: 'db', state: 'Paused', critical: true }),
];

const found = (search: string): string[] => fleet.filter(vmFilter({ search })).map(({ name }) => name);

describe('a search for VMs', () => {
  test.each([
    ['name', 'WEB01', ['web01']],
    ['several words', 'web 2025', ['web01']],
    ['a phrase', '"server 2025"', ['web01']],
    ['words that occur only apart', '"2025 server"', []],
    ['folded notes', 'strasse', ['web01']],
    ['guest host name', 'shop.example', ['web01']],
    ['operating system', 'ubuntu', ['web02']],
    ['host', 'hv02', ['web02']],
    ['host id', 'hv01.example.org', ['web01', 'db']],
    ['cluster', 'lodz', ['web02']],
    ['switch', 'production', ['web01']],
    ['VLAN', '120', ['web01']],
    ['state', 'paused', ['db']],
    ['Hyper-V’s name of a critical state', 'pausedcritical', ['db']],
    ['VM id', guid(3), ['db']],
    ['VM id with braces in upper case', `{${guid(3).toUpperCase()}}`, ['db']],
    ['nothing', '  ', ['web01', 'web02', 'db']],
  ])('finds a plain word: %s', (_, search, names) => {
    expect(found(search)).toEqual(names);
  });

  test.each([
    '00155d0a1b2c',
    '00-15-5D-0A-1B-2C',
    '00:15:5d:0a:1b:2c',
    '0015.5d0a.1b2c',
    '0a:1b',
    '0a-1b-',
    '0015.5d0a',
  ])('finds a MAC address as a plain word: %s', (search) => {
    expect(found(search)).toEqual(['web01']);
    expect(found(`mac:${search}`)).toEqual(['web01']);
  });

  test.each([
    '2001:db8::a:1',
    '2001:DB8::A:1',
    '2001:db8:0:0:0:0:a:1',
    '2001:0db8:0000:0000:0000:0000:000a:0001',
    '2001:0db8:0:0::000a:1',
    '2001:db8:0:0:',
    '2001:0db8:0000',
    '2001:db8::',
    '[2001:db8::a:1]',
    '2001:db8::a:1%12',
  ])('finds an IPv6 address as it is written: %s', (search) => {
    expect(found(search)).toEqual(['web01']);
    expect(found(`ip:${search}`)).toEqual(search === '2001:db8::' ? [] : ['web01']);
  });

  test.each([
    ['name:web', ['web01', 'web02']],
    ['name:shop', []],
    ['state:off', ['web02']],
    ['state:Off state:Paused', ['web02', 'db']],
    ['state:critical', ['db']],
    ['state:nonsense', []],
    ['host:hv01', ['web01', 'db']],
    ['cluster:"łódź"', ['web02']],
    ['os:"server 2025"', ['web01']],
    ['ip:10.0.0.1', ['web01']],
    ['ip:10.0.0', ['web01', 'web02']],
    ['ip:0.0.1', []],
    ['mac:00155d', ['web01', 'web02']],
    ['mac:xyz', []],
    ['vlan:120', ['web01', 'web02']],
    ['vlan:12', []],
    ['vlan:10', ['web02']],
    ['vlan:5', ['web02']],
    ['vlan:131', []],
    ['vlan:many', []],
    ['switch:"production l"', ['web01']],
    ['host:hv01 web', ['web01']],
    ['host:hv01 host:hv02 web', ['web01', 'web02']],
    ['host:hv01 state:off', []],
    ['colour:red', []],
    ['host:', ['web01', 'web02', 'db']],
  ])('finds by prefix: %s', (search, names) => {
    expect(found(search)).toEqual(names);
  });
});
