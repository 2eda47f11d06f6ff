import type { Host } from '@aether-v/types';

export const hostTexts = {
  notFound: 'Host not found',
  notFoundBody: 'This service does not manage the host.',
  back: 'Go to overview',
  testConnection: (host: string) => `Test connection to ${host}`,
  testing: 'A test of this connection is running.',
  tabs: { vms: 'Virtual machines', host: 'Host' },
  unknownVms: 'Virtual machines unknown',
  noVms: 'No virtual machines',
  noVmsBody: 'This host has no virtual machines.',
  neverAnswered: 'This host has never responded, so its virtual machines are unknown.',
  unreachableTitle: (since: string) => `Unreachable since ${since}.`,
  connectingTitle: 'Connecting.',
  connectingBody: 'The service is connecting to the host, for the first time or after a lost connection.',
  lastKnown: 'You see the last known state.',
  sections: {
    connection: 'Connection',
    machine: 'Host',
    hyperv: 'Hyper-V',
    switches: 'Virtual switches',
    usage: 'Usage',
  },
  clockTitle: 'The host’s clock is wrong.',
  clock: 'Clock',
  clockOffset: (duration: string, isAhead: boolean) =>
    `${duration} ${isAhead ? 'ahead of' : 'behind'} the service`,
  clockInStep: 'In sync with the service',
  watching: 'Changes are reported immediately',
  polling: 'The host is polled',
  address: 'Address',
  state: 'State',
  since: 'Since',
  updates: 'Updates',
  problem: 'Problem',
  remedy: 'Remedy',
  node: 'Cluster node',
  cpu: 'CPU',
  memory: 'Memory',
  available: (available: string, all: string) => `${available} of ${all} available`,
  waiting: 'Waiting for the first sample…',
  usageUnreachable: 'No samples while the host is unreachable.',
  noSwitches: 'This host has no virtual switches.',
  /** Labels of facts and columns. */
  labels: {
    agent: 'Agent',
    cluster: 'Cluster',
    disksAreKeptIn: 'Default disk folder',
    logicalProcessors: 'Logical processors',
    manufacturer: 'Manufacturer',
    memory: 'Memory',
    model: 'Model',
    name: 'Name',
    processor: 'Processor',
    system: 'Operating system',
    uptime: 'Uptime',
    version: 'Version',
    vmsAreKeptIn: 'Default VM folder',
  },
};

type SwitchType = NonNullable<Host['facts']>['switches'][number]['type'];

export const switchWords: Record<SwitchType, string> = {
  External: 'External',
  Internal: 'Internal (host and VMs)',
  Private: 'Private (VMs only)',
};
