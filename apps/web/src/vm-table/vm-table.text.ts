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
  sortBy: (column: string) => `Sort by ${column}`,
  notRunning: 'Not running: there is nothing to measure',
  noSample: 'The first sample has not arrived yet',
  staleSample: (host: string) => `${host} is away: there are no samples`,
  noAddress: 'The guest reports no address; that takes its integration services',
  addressWhenRunning: 'Not running: the guest reports addresses only while it runs',
  more: (addresses: readonly string[]) => addresses.join(', '),
  stale: (host: string) => `${host} is away; this is the last that is known`,
  failedTitle: 'The list could not be read',
  gone: 'Removed',
};
