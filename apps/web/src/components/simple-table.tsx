import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import type { ReactElement, ReactNode } from 'react';
import { Facts, type Fact } from './facts.tsx';
import { useNarrow } from './use-media.ts';

const useStyles = makeStyles({
  scroll: { overflowX: 'auto' },
  cards: { margin: 0, padding: 0, listStyleType: 'none' },
  card: {
    padding: `${tokens.spacingVerticalM} 0`,
    borderTop: `${tokens.strokeWidthThin} solid ${tokens.colorNeutralStroke3}`,
    ':first-child': { paddingTop: 0, borderTopStyle: 'none' },
    ':last-child': { paddingBottom: 0 },
  },
  table: { width: '100%', borderCollapse: 'collapse', textAlign: 'start' },
  head: {
    textAlign: 'start',
    fontSize: tokens.fontSizeBase200,
    fontWeight: tokens.fontWeightSemibold,
    padding: `${tokens.spacingVerticalXS} ${tokens.spacingHorizontalL} ${tokens.spacingVerticalXS} 0`,
    whiteSpace: 'nowrap',
  },
  cell: {
    padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalL} ${tokens.spacingVerticalS} 0`,
    borderTop: `${tokens.strokeWidthThin} solid ${tokens.colorNeutralStroke3}`,
    verticalAlign: 'top',
    overflowWrap: 'anywhere',
  },
  actionsHead: { textAlign: 'end', paddingRight: 0 },
  // The buttons are higher than a line of text; their middle is that of the first line.
  actions: { width: '1%', padding: `${tokens.spacingVerticalXXS} 0`, textAlign: 'end', whiteSpace: 'nowrap' },
});

interface Row {
  readonly key: string;
  readonly cells: readonly ReactNode[];
  /** The button or menu at the end of the row. */
  readonly actions?: ReactNode;
}

/** A small table; on a phone each row becomes a list of its cells. */
export function SimpleTable({
  label,
  columns,
  actions,
  rows,
}: {
  readonly label: string;
  readonly columns: readonly string[];
  /** The heading of the actions of the rows; absent if they have none. */
  readonly actions?: string;
  readonly rows: readonly Row[];
}): ReactElement {
  const styles = useStyles();
  const narrow = useNarrow();
  if (narrow)
    return (
      <ul className={styles.cards} aria-label={label}>
        {rows.map(({ key, cells, actions: rowActions }) => (
          <li key={key} className={styles.card}>
            <Facts
              facts={[
                ...columns.map((column, n): Fact => [column, cells[n]]),
                ...(actions === undefined ? [] : [[actions, rowActions] satisfies Fact]),
              ]}
            />
          </li>
        ))}
      </ul>
    );
  return (
    <div className={styles.scroll}>
      <table className={styles.table} aria-label={label}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col" className={styles.head}>
                {column}
              </th>
            ))}
            {actions !== undefined && (
              <th scope="col" className={mergeClasses(styles.head, styles.actionsHead)}>
                {actions}
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, cells, actions: rowActions }) => (
            <tr key={key}>
              {cells.map((cell, n) => (
                <td key={columns[n] ?? n} className={styles.cell}>
                  {cell}
                </td>
              ))}
              {actions !== undefined && (
                <td className={mergeClasses(styles.cell, styles.actions)}>{rowActions}</td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
