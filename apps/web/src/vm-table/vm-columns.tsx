import type { VmSummary } from '@aether-v/types';
import type { ComponentType } from 'react';
import { RowActions } from '../actions/row-actions.tsx';
import { VmStatus } from '../components/vm-status.tsx';
import type { VmSortKey } from '../fleet/list-spec.ts';
import { leastWidthOf, type ChoosableColumn } from '../table/column-choice.ts';
import { tracksOf } from '../table/column.ts';
import {
  VmAddress,
  VmCluster,
  VmCpu,
  VmCreated,
  VmGuestName,
  VmHost,
  VmMemory,
  VmName,
  VmProcessors,
  VmSystem,
  VmUptime,
} from './vm-cells.tsx';
import { vmTableTexts as texts } from './vm-table.text.ts';

/** One column of the VM table. */
export interface VmColumn extends ChoosableColumn {
  readonly name: keyof typeof texts.columns;
  /** Its share of the width that is left over; none if absent. */
  readonly grow?: number;
  /** The service's sort key; null if the column cannot be sorted. */
  readonly sort: VmSortKey | null;
  /** Numbers are aligned to the right, and sorted in descending order first. */
  readonly numeric?: true;
  /** True if the column shows a duration since the moment that it is sorted by. */
  readonly since?: true;
  readonly Cell: ComponentType<{ readonly vm: VmSummary }>;
}

const { columns: labels } = texts;

/** The columns of the VM table, from left to right. */
export const vmColumns: readonly VmColumn[] = [
  { name: 'name', label: labels.name, width: 8.75, grow: 2, shown: 'always', sort: 'name', Cell: VmName },
  // Wide enough for `Running, migrating`.
  { name: 'state', label: labels.state, width: 9.25, grow: 1.5, sort: 'state', Cell: VmStatus },
  { name: 'host', label: labels.host, width: 5.5, grow: 1, sort: 'host', Cell: VmHost },
  {
    name: 'cluster',
    label: labels.cluster,
    width: 6,
    grow: 1,
    shown: 'extra',
    sort: 'cluster',
    Cell: VmCluster,
  },
  {
    name: 'processors',
    label: labels.processors,
    width: 2.75,
    leaveOut: 3,
    sort: 'processors',
    numeric: true,
    Cell: VmProcessors,
  },
  { name: 'cpu', label: labels.cpu, width: 5.75, sort: 'cpu', numeric: true, Cell: VmCpu },
  {
    name: 'memory',
    label: labels.memory,
    width: 4.5,
    leaveOut: 1,
    sort: 'memory',
    numeric: true,
    Cell: VmMemory,
  },
  { name: 'address', label: labels.address, width: 7, grow: 1, leaveOut: 2, sort: null, Cell: VmAddress },
  {
    name: 'startedAt',
    label: labels.startedAt,
    width: 4.25,
    leaveOut: 4,
    sort: 'startedAt',
    numeric: true,
    since: true,
    Cell: VmUptime,
  },
  {
    name: 'system',
    label: labels.system,
    width: 12,
    grow: 1,
    shown: 'extra',
    sort: null,
    Cell: VmSystem,
  },
  {
    name: 'hostname',
    label: labels.hostname,
    width: 7,
    grow: 1,
    shown: 'extra',
    sort: null,
    Cell: VmGuestName,
  },
  {
    name: 'createdAt',
    label: labels.createdAt,
    width: 6,
    shown: 'extra',
    sort: 'createdAt',
    numeric: true,
    Cell: VmCreated,
  },
  { name: 'actions', label: labels.actions, width: 4.5, shown: 'always', sort: null, Cell: RowActions },
];

/** The width of the checkbox in rem. */
const box = 2;

/** Returns the grid tracks of the header and of every row: the checkbox, then the columns. */
export function vmTracks(columns: readonly VmColumn[]): string {
  return `${box}rem ${tracksOf(columns)}`;
}

/** The difference in rem between a row of VMs and one of another table, which has no checkbox and other margins. */
export const boxSpace = box + 0.75 - 0.5;

/** Returns the width in rem below which the table scrolls sideways. */
export function vmLeastWidth(columns: readonly VmColumn[]): number {
  return leastWidthOf(columns) + boxSpace;
}
