import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { ArrowSortDown16Regular } from '@fluentui/react-icons/svg/arrow-sort-down';
import { ArrowSortUp16Regular } from '@fluentui/react-icons/svg/arrow-sort-up';
import type { ReactElement } from 'react';
import type { VmListSpec, VmSortKey } from '../fleet/list-spec.ts';
import { gridTemplateColumns, vmColumns } from './vm-columns.tsx';
import { useRowStyles } from './vm-table.styles.ts';
import { vmTableTexts as texts } from './vm-table.text.ts';

const useStyles = makeStyles({
  heading: { fontWeight: tokens.fontWeightSemibold, fontSize: tokens.fontSizeBase200, minWidth: 0 },
  right: { textAlign: 'right' },
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
  },
});

/** The table header; columns that the service can sort by are buttons. */
export function VmHeader({
  spec,
  onSort,
}: {
  readonly spec: VmListSpec;
  readonly onSort: (sort: VmSortKey, descending: boolean) => void;
}): ReactElement {
  const rows = useRowStyles();
  const styles = useStyles();
  const Arrow = spec.descending ? ArrowSortDown16Regular : ArrowSortUp16Regular;
  return (
    <div role="row" aria-rowindex={1} className={rows.header} style={{ gridTemplateColumns }}>
      {vmColumns.map(({ name, sort, numeric }) => {
        const label = texts.columns[name];
        if (sort === null)
          return (
            <span key={name} role="columnheader" className={styles.heading}>
              {label}
            </span>
          );
        const sorted = spec.sort === sort;
        return (
          <span
            key={name}
            role="columnheader"
            className={mergeClasses(styles.heading, numeric && styles.right)}
            aria-sort={sorted ? (spec.descending ? 'descending' : 'ascending') : 'none'}
          >
            <button
              type="button"
              className={styles.sort}
              title={texts.sortBy(label)}
              onClick={() => onSort(sort, sorted && !spec.descending)}
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
