import type { Host } from '@aether-v/types';

export const hostTexts = {
  notFound: 'There is no such host',
  notFoundBody: 'It is not among the hosts that this service looks after.',
  back: 'To the overview',
  tabs: { vms: 'Virtual machines', host: 'Host' },
  unknownVms: 'Its virtual machines are not known',
  noVms: 'No virtual machines',
  noVmsBody: 'This host has none.',
  neverAnswered: 'This host has not answered yet, so nothing is known of it.',
  awayTitle: (since: string) => `Away since ${since}.`,
  connectingTitle: 'Connecting.',
  connectingBody: 'The host is being contacted for the first time, or again after it was away.',
  lastKnown: 'What is shown is the last that is known.',
  sections: {
    connection: 'Connection',
    machine: 'Host',
    hyperv: 'Hyper-V',
    switches: 'Virtual switches',
    usage: 'Use',
  },
  clockTitle: 'The host’s clock is wrong.',
  clock: 'Clock',
  clockOffset: (duration: string, isAhead: boolean) =>
    `${duration} ${isAhead ? 'ahead of' : 'behind'} the service`,
  clockInStep: 'In step with the service',
  watching: 'Changes arrive by themselves',
  polling: 'The host is read at intervals',
  address: 'Address',
  state: 'State',
  since: 'Since',
  updates: 'Updates',
  problem: 'What is wrong',
  remedy: 'What to do',
  node: 'Cluster node',
  cpu: 'CPU',
  memory: 'Memory',
  available: (available: string, all: string) => `${available} of ${all} available`,
  waiting: 'Waiting for the first sample…',
  usageAway: 'No samples while the host is away.',
  noSwitches: 'There is no virtual switch.',
  /** The names of facts and columns. */
  labels: {
    agent: 'Agent',
    cluster: 'Cluster',
    disksAreKeptIn: 'Disks are kept in',
    logicalProcessors: 'Logical processors',
    manufacturer: 'Manufacturer',
    memory: 'Memory',
    model: 'Model',
    name: 'Name',
    processor: 'Processor',
    system: 'System',
    uptime: 'Uptime',
    version: 'Version',
    vmsAreKeptIn: 'VMs are kept in',
  },
};

type SwitchType = NonNullable<Host['facts']>['switches'][number]['type'];

export const switchWords: Record<SwitchType, string> = {
  External: 'External',
  Internal: 'Internal (host and VMs)',
  Private: 'Private (VMs only)',
};
