import { hostStatusView } from '../../components/host-status-view.ts';
import type { Column } from '../../table/column.ts';
import { csvGigabytes, type CsvColumn } from '../../table/csv.ts';
import { fullestOf, type Amount, type HostCapacity } from './host-capacity.ts';
import {
  HostAddress,
  HostAgent,
  HostCluster,
  HostCpu,
  HostFullest,
  HostHeard,
  HostMemory,
  HostName,
  HostState,
  HostStorage,
  HostSystem,
  HostVms,
} from './host-cells.tsx';
import { hostsTexts as texts } from './hosts.text.ts';

const { columns: labels, csv } = texts;

function one(heading: string, value: CsvColumn<HostCapacity>['value']): readonly CsvColumn<HostCapacity>[] {
  return [{ heading, value }];
}

const gigabytes = (amount: Amount | null, part: (amount: Amount) => number): number | null =>
  amount && csvGigabytes(part(amount));
const rounded = (percent: number | null): number | null => percent && Math.round(percent);

/** The columns of the table of hosts, from left to right. */
export const hostColumns: readonly Column<HostCapacity>[] = [
  {
    name: 'name',
    label: labels.name,
    width: 6,
    grow: 1.5,
    shown: 'always',
    sortable: true,
    Cell: HostName,
    csv: one(labels.name, ({ host }) => host.name),
  },
  {
    name: 'cluster',
    label: labels.cluster,
    width: 5.5,
    leaveOut: 1,
    grow: 1.5,
    sortable: true,
    Cell: HostCluster,
    csv: one(labels.cluster, ({ host }) => host.clusterName),
  },
  {
    name: 'state',
    label: labels.state,
    width: 7,
    grow: 2,
    sortable: true,
    Cell: HostState,
    csv: one(labels.state, ({ host }) => hostStatusView(host).word),
  },
  {
    name: 'fullest',
    label: labels.fullest,
    width: 6,
    grow: 0.5,
    hasBar: true,
    sortable: true,
    numeric: true,
    Cell: HostFullest,
    csv: [
      { heading: csv.fullest, value: (row) => rounded((fullestOf(row)?.fraction ?? NaN) * 100) },
      {
        heading: csv.fullestResource,
        value: (row) => texts.resources[fullestOf(row)?.resource ?? 'memory'],
      },
    ],
  },
  {
    name: 'cpu',
    label: labels.cpu,
    width: 2.75,
    leaveOut: 3,
    sortable: true,
    numeric: true,
    Cell: HostCpu,
    csv: one(csv.cpu, ({ cpuPercent }) => rounded(cpuPercent)),
  },
  {
    name: 'memory',
    label: labels.memory,
    width: 9.25,
    hasBar: true,
    grow: 1,
    sortable: true,
    numeric: true,
    Cell: HostMemory,
    csv: [
      { heading: csv.memoryUsed, value: ({ memory }) => gigabytes(memory, ({ used }) => used) },
      { heading: csv.memory, value: ({ memory }) => gigabytes(memory, ({ all }) => all) },
    ],
  },
  {
    name: 'storage',
    label: labels.storage,
    width: 8.5,
    hasBar: true,
    grow: 1,
    sortable: true,
    numeric: true,
    Cell: HostStorage,
    csv: [
      { heading: csv.storageFree, value: ({ storage }) => gigabytes(storage, ({ used, all }) => all - used) },
      { heading: csv.storage, value: ({ storage }) => gigabytes(storage, ({ all }) => all) },
    ],
  },
  {
    name: 'vms',
    label: labels.vms,
    width: 2.25,
    leaveOut: 2,
    sortable: true,
    numeric: true,
    Cell: HostVms,
    csv: [
      { heading: labels.vms, value: ({ host }) => host.vmCount },
      { heading: csv.running, value: ({ host }) => host.runningVmCount },
    ],
  },
  {
    name: 'agent',
    label: labels.agent,
    width: 3.25,
    leaveOut: 5,
    sortable: true,
    Cell: HostAgent,
    csv: one(labels.agent, ({ host }) => host.facts?.agentVersion ?? null),
  },
  {
    name: 'heard',
    label: labels.heard,
    width: 4.75,
    leaveOut: 4,
    sortable: true,
    Cell: HostHeard,
    csv: one(labels.heard, ({ host, sampledAt }) => host.stale?.since ?? sampledAt),
  },
  {
    name: 'system',
    label: labels.system,
    width: 12,
    grow: 1,
    shown: 'extra',
    sortable: true,
    Cell: HostSystem,
    csv: one(labels.system, ({ host }) => host.facts?.osName ?? null),
  },
  {
    name: 'address',
    label: labels.address,
    width: 12,
    grow: 1,
    shown: 'extra',
    sortable: true,
    Cell: HostAddress,
    csv: one(labels.address, ({ host }) => host.address),
  },
];
