import { describe, expect, test } from 'vitest';
import { parseVmSearch, vmSearchKeys } from '@aether-v/types';
import { parseTerms } from '../../src/search/terms.ts';
import { knownValues, searchOfText, searchText, unknownPrefixes } from '../../src/vm-list/vm-search-keys.ts';
import { makeClusters, makeHosts, makeVms } from '../fake-api/rows.ts';

describe('the search for VMs', () => {
  test.each([
    'web host:hv01 os:"server 2025"',
    'HOST:hv01 foo:bar fe80::1 00:15:5d:00:00:01',
    '"host:x" os:"a ""b""" vlan: state:Off',
  ])('%j is parsed as the service does', (text) => {
    expect(parseTerms(text, vmSearchKeys)).toEqual(parseVmSearch(text));
  });

  test.each([
    ['web', { search: 'web', state: undefined }],
    ['', { search: undefined, state: undefined }],
    ['state:off web', { search: 'web', state: 'Off' }],
    ['state:Running state:Paused', { search: undefined, state: 'Running,Paused' }],
    ['state:critical', { search: 'state:critical', state: undefined }],
    ['state:critical state:Off', { search: 'state:critical state:Off', state: undefined }],
  ])('%j becomes the parameters %j', (text, expected) => {
    expect(searchOfText(text)).toEqual(expected);
  });

  test('of a link with states is shown as terms', () => {
    expect(searchText({ state: 'Off,Paused', search: 'os:"server 2025"' })).toBe(
      'state:Off state:Paused os:"server 2025"',
    );
    expect(searchText({})).toBe('');
  });

  test('names prefixes that do not exist', () => {
    expect(unknownPrefixes('foo:bar host:x http: fe80::1')).toEqual(['foo:']);
  });

  test('offers the values of the fleet, each once and in order', () => {
    const hosts = makeHosts(Date.now());
    const network = { vlans: [130, 20, 130], macs: ['00-15-5D-00-00-07'] };
    const values = knownValues(hosts, makeClusters(), makeVms(61, hosts, Date.now()), network);
    expect(values.host).toEqual(hosts.map(({ name }) => name).sort());
    expect(values.cluster).toEqual(['LAB-CL02', 'PROD-CL01']);
    expect(values.os).toEqual(['Ubuntu 24.04.1 LTS', 'Windows Server 2022 Standard']);
    expect(values.switch).toEqual(['vSwitch-Prod']);
    expect(values.state).toContain('critical');
    expect(values.vlan).toEqual(['20', '130']);
    expect(values.mac).toEqual(['00-15-5D-00-00-07']);
  });
});
