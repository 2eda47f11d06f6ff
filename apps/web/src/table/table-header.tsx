import { mergeClasses } from '@fluentui/react-components';
import { ArrowSortDown16Regular } from '@fluentui/react-icons/svg/arrow-sort-down';
import { ArrowSortUp16Regular } from '@fluentui/react-icons/svg/arrow-sort-up';
import type { ReactElement } from 'react';
import { nextSort, type Column, type TableSort } from './column.ts';
import { useTableStyles } from './table.styles.ts';
import { tableTexts as texts } from './table.text.ts';

/** The headings of a table; columns that can be sorted are buttons. Arrow keys reach them, up from the first row. */
export function TableHeader<Row>({
  columns,
  tracks,
  sort,
  onSort,
}: {
  readonly columns: readonly Column<Row>[];
  readonly tracks: string;
  readonly sort: TableSort | null;
  readonly onSort: ((sort: string) => void) | undefined;
}): ReactElement {
  const styles = useTableStyles();
  const Arrow = sort?.descending ? ArrowSortDown16Regular : ArrowSortUp16Regular;
  return (
    <div role="row" aria-rowindex={1} className={styles.header} style={{ gridTemplateColumns: tracks }}>
      {columns.map((column) => {
        const { name, label, numeric, hasBar, sortable } = column;
        const isSorted = sort?.column === name;
        const className = mergeClasses(styles.heading, numeric === true && !hasBar && styles.right);
        if (sortable !== true || sort === null || onSort === undefined)
          return (
            <span key={name} role="columnheader" className={className}>
              {label}
            </span>
          );
        return (
          <span
            key={name}
            role="columnheader"
            className={className}
            aria-sort={isSorted ? (sort.descending ? 'descending' : 'ascending') : 'none'}
          >
            <button
              type="button"
              tabIndex={-1}
              className={styles.plain}
              title={texts.sortBy(label)}
              onClick={() => onSort(nextSort(column, sort))}
            >
              {label}
              {isSorted && <Arrow aria-hidden />}
            </button>
          </span>
        );
      })}
    </div>
  );
}
