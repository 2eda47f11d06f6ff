import type { VmSummary } from '@aether-v/types';
import type { ComponentType } from 'react';
import { RowActions } from '../actions/row-actions.tsx';
import { VmStatus } from '../components/vm-status.tsx';
import type { VmSortKey } from '../fleet/list-spec.ts';
import { VmAddress, VmCpu, VmHost, VmMemory, VmName, VmProcessors, VmUptime } from './vm-cells.tsx';
import { vmTableTexts as texts } from './vm-table.text.ts';

/** One column of the VM table. */
export interface VmColumn {
  readonly name: keyof typeof texts.columns;
  /** A track size of CSS grid. */
  readonly width: string;
  /** The service's sort key; null if the column cannot be sorted. */
  readonly sort: VmSortKey | null;
  /** Numbers are aligned to the right, and sorted in descending order first. */
  readonly numeric: boolean;
  /** True if the column shows a duration since the moment that it is sorted by. */
  readonly since?: true;
  readonly Cell: ComponentType<{ readonly vm: VmSummary }>;
}

/** The columns of the VM table, from left to right. */
export const vmColumns: readonly VmColumn[] = [
  { name: 'name', width: 'minmax(9rem, 2fr)', sort: 'name', numeric: false, Cell: VmName },
  // Wide enough for `Running, migrating`.
  { name: 'state', width: 'minmax(9.75rem, 1.5fr)', sort: 'state', numeric: false, Cell: VmStatus },
  { name: 'host', width: 'minmax(5.5rem, 1fr)', sort: 'host', numeric: false, Cell: VmHost },
  { name: 'processors', width: '3rem', sort: 'processors', numeric: true, Cell: VmProcessors },
  { name: 'cpu', width: '6rem', sort: 'cpu', numeric: true, Cell: VmCpu },
  { name: 'memory', width: '4.5rem', sort: 'memory', numeric: true, Cell: VmMemory },
  { name: 'address', width: 'minmax(7rem, 1fr)', sort: null, numeric: false, Cell: VmAddress },
  { name: 'startedAt', width: '4.5rem', sort: 'startedAt', numeric: true, since: true, Cell: VmUptime },
  { name: 'actions', width: '4.5rem', sort: null, numeric: false, Cell: RowActions },
];

/** The grid tracks of the header and of every row: the checkbox, then the columns. */
export const gridTemplateColumns = ['2rem', ...vmColumns.map(({ width }) => width)].join(' ');
