import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { ArrowSortDown16Regular } from '@fluentui/react-icons/svg/arrow-sort-down';
import { ArrowSortUp16Regular } from '@fluentui/react-icons/svg/arrow-sort-up';
import type { ReactElement } from 'react';
import type { VmListSpec, VmSortKey } from '../fleet/list-spec.ts';
import { RowCheckbox } from './row-checkbox.tsx';
import { vmTracks, type VmColumn } from './vm-columns.tsx';
import { useRowStyles } from './vm-table.styles.ts';
import { vmTableTexts as texts } from './vm-table.text.ts';

const useStyles = makeStyles({
  heading: { fontWeight: tokens.fontWeightSemibold, fontSize: tokens.fontSizeBase200, minWidth: 0 },
  right: { textAlign: 'right' },
  box: { display: 'flex', justifyContent: 'center' },
  sort: {
    display: 'inline-flex',
    alignItems: 'center',
    gap: tokens.spacingHorizontalXXS,
    padding: 0,
    border: 'none',
    background: 'none',
    color: 'inherit',
    font: 'inherit',
    cursor: 'pointer',
    ':hover': { color: tokens.colorBrandForeground1 },
    ':focus-visible': { outline: `${tokens.strokeWidthThick} solid ${tokens.colorStrokeFocus2}` },
  },
});

interface Props {
  readonly columns: readonly VmColumn[];
  readonly spec: VmListSpec;
  readonly onSort: (sort: VmSortKey, descending: boolean) => void;
  /** The part of the list that is selected. */
  readonly selected: 'all' | 'some' | 'none';
  /** Selects all of the list, or nothing if all is selected. */
  readonly onSelectAll: () => void;
}

/** The table header; columns that the service can sort by are buttons. Arrow keys reach them, up from the first row. */
export function VmHeader({ columns, spec, onSort, selected, onSelectAll }: Props): ReactElement {
  const rows = useRowStyles();
  const styles = useStyles();
  return (
    <div
      role="row"
      aria-rowindex={1}
      className={rows.header}
      style={{ gridTemplateColumns: vmTracks(columns) }}
    >
      <span role="columnheader" className={styles.box}>
        <RowCheckbox
          label={texts.selectAll}
          checked={selected === 'all'}
          mixed={selected === 'some'}
          onChange={onSelectAll}
        />
      </span>
      {columns.map(({ name, label, sort, numeric = false, since }) => {
        if (sort === null)
          return (
            <span key={name} role="columnheader" className={styles.heading}>
              {label}
            </span>
          );
        const sorted = spec.sort === sort;
        // The longest uptime has the earliest start.
        const descending = spec.descending !== Boolean(since);
        const Arrow = descending ? ArrowSortDown16Regular : ArrowSortUp16Regular;
        const next = sorted ? !descending : numeric;
        return (
          <span
            key={name}
            role="columnheader"
            className={mergeClasses(styles.heading, numeric && styles.right)}
            aria-sort={sorted ? (descending ? 'descending' : 'ascending') : 'none'}
          >
            <button
              type="button"
              className={styles.sort}
              title={texts.sortBy(label)}
              tabIndex={-1}
              onClick={() => onSort(sort, next !== Boolean(since))}
            >
              {label}
              {sorted && <Arrow aria-hidden />}
            </button>
          </span>
        );
      })}
    </div>
  );
}
