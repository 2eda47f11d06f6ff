import type { VmSortKey } from '../fleet/list-spec.ts';

export const vmTableTexts = {
  label: 'Virtual machines',
  columns: {
    name: 'Name',
    state: 'State',
    host: 'Host',
    processors: 'vCPU',
    cpu: 'CPU',
    memory: 'Memory',
    address: 'IP',
    startedAt: 'Uptime',
    actions: 'Actions',
  } satisfies Record<VmSortKey | 'address' | 'actions', string>,
  select: (name: string) => `Select ${name}`,
  selectAll: 'Select all',
  sortBy: (column: string) => `Sort by ${column}`,
  notRunning: 'Not running, so nothing is measured',
  noSample: 'Waiting for the first sample',
  staleSample: (host: string) => `No samples: ${host} is unreachable`,
  noAddress: 'The guest reports no address; reporting requires integration services',
  addressWhenRunning: 'Not running: the guest only reports addresses while it runs',
  more: (addresses: readonly string[]) => addresses.join(', '),
  stale: (host: string) => `${host} is unreachable; you see the last known state`,
  failedTitle: 'The list could not be loaded',
  knownOnly:
    'The service is not responding. The list shows matches among the virtual machines that this console has read so far.',
  gone: 'Removed',
};
