import type { ComponentType } from 'react';
import type { ChoosableColumn } from './column-choice.ts';
import type { CsvColumn } from './csv.ts';

/** One column of a table. */
export interface Column<Row> extends ChoosableColumn {
  /** Its share of the width that is left over; none if absent. */
  readonly grow?: number;
  /** Numbers are aligned on the right, and sorting begins with the largest. */
  readonly numeric?: boolean;
  /** Aligns numbers on the left, behind a bar. */
  readonly hasBar?: boolean;
  readonly sortable?: boolean;
  readonly Cell: ComponentType<{ readonly row: Row }>;
  /** The columns of a CSV file that have its content. */
  readonly csv: readonly CsvColumn<Row>[];
}

/** The order of a table: the name of a column, and the direction. */
export interface TableSort {
  readonly column: string;
  readonly descending: boolean;
}

/** One row of a table. */
export interface TableRow<Row> {
  readonly key: string;
  readonly row: Row;
  /** 1 for a row, 2 for a part of the row above. */
  readonly level?: number;
  /** True if its parts are shown; absent if it has none. */
  readonly expanded?: boolean | undefined;
}

/** Returns the tracks of a CSS grid. */
export function tracksOf(columns: readonly Pick<Column<never>, 'width' | 'grow'>[]): string {
  return columns
    .map(({ width, grow }) => (grow === undefined ? `${width}rem` : `minmax(${width}rem, ${grow}fr)`))
    .join(' ');
}

/** Parses an order in the address: a column, with a leading `-` for descending order. */
export function readSort<Row>(
  text: string | undefined,
  columns: readonly Column<Row>[],
  otherwise: TableSort,
): TableSort {
  const column = text?.replace(/^-/, '');
  return columns.some(({ name, sortable }) => sortable === true && name === column)
    ? { column: column ?? '', descending: text?.startsWith('-') ?? false }
    : otherwise;
}

/** Returns the order after a click on a heading: numbers begin with the largest, texts with A. */
export function nextSort<Row>({ name, numeric }: Column<Row>, { column, descending }: TableSort): string {
  const isDescending = column === name ? !descending : numeric === true;
  return (isDescending ? '-' : '') + name;
}
