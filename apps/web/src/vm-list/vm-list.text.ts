import type { VmSearchKey } from '@aether-v/types';

const list = new Intl.ListFormat('en-GB');

export const vmListTexts = {
  search: 'Search virtual machines',
  placeholder: 'Name, address, MAC, vlan:, host:, os: …',
  clear: 'Clear filter',
  unknownStates: (words: readonly string[]) =>
    `The address names states that do not exist: ${words.join(', ')}. They are ignored.`,
  emptyFilter: 'No matches',
  emptyFilterBody:
    'No virtual machine matches all of the search. Words may occur in the name, address, MAC address, VLAN, guest, host or notes. A prefix limits a word to one of them:',
  examples: ['host:HV-01', 'vlan:120', 'os:"server 2025"', 'ip:10.20', 'mac:00-15-5D', 'state:off'],
  unknownPrefixes: (prefixes: readonly string[]) =>
    `${list.format(prefixes)} ${prefixes.length === 1 ? 'is not a prefix' : 'are not prefixes'}, so the whole word was searched for.`,
  keys: {
    name: 'Part of the name',
    state: 'State, or critical',
    host: 'Name of the host',
    cluster: 'Name of the cluster',
    os: 'Guest operating system',
    ip: 'Address or its beginning',
    mac: 'MAC address, any notation',
    vlan: 'VLAN number',
    switch: 'Virtual switch',
  } satisfies Record<VmSearchKey, string>,
  csv: {
    cpu: 'CPU (%)',
    memory: 'Memory (GB)',
    startedAt: 'Started',
  },
};
