import { describe, expect, test } from 'vitest';
import type { VmNetworkAdapter } from '@aether-v/types';
import { connectionOf, networkOptions, parseVlan } from '../../src/hardware/network-options.ts';
import { resources } from '../fake-api/resources.ts';
import { makeHosts, makeVms } from '../fake-api/rows.ts';

const [vm] = makeVms(1, makeHosts(0), 0);
const adapter = vm?.networkAdapters[0] as VmNetworkAdapter;
const { networks } = resources;

describe('the network of an adapter', () => {
  test('is the one with its switch and VLAN', () => {
    expect(connectionOf(adapter, networks)).toEqual({ network: 'Servers', vlanId: null });
  });
  test('with another VLAN is one of its switch, with the VLAN as a deviation', () => {
    const vlan = { ...adapter.vlan, accessVlanId: 99 };
    expect(connectionOf({ ...adapter, vlan }, networks)).toEqual({ network: 'Servers', vlanId: 99 });
  });
  test('on an unknown switch is unknown, and none if it is not connected', () => {
    expect(connectionOf({ ...adapter, switchName: 'Other' }, networks)).toBeNull();
    expect(connectionOf({ ...adapter, connected: false }, networks)).toEqual({ network: '', vlanId: null });
  });
  test('whose switch is missing cannot be chosen, with the reason', () => {
    expect(networkOptions(networks).find(({ value }) => value === 'Old')?.whyNot).toMatch(
      /no switch vSwitch-Old/,
    );
  });
  test.each([
    ['', null],
    [' 120 ', 120],
    ['0', undefined],
    ['4095', undefined],
    ['x', undefined],
  ])('the VLAN %j is read as %s', (text, id) => expect(parseVlan(text)).toBe(id));
});
