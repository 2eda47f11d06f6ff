import { makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement, ReactNode } from 'react';
import { Facts } from './facts.tsx';
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
});

/** A small table; on a phone each row becomes a list of its cells. */
export function SimpleTable({
  label,
  columns,
  rows,
}: {
  readonly label: string;
  readonly columns: readonly string[];
  readonly rows: readonly { readonly key: string; readonly cells: readonly ReactNode[] }[];
}): ReactElement {
  const styles = useStyles();
  const narrow = useNarrow();
  if (narrow)
    return (
      <ul className={styles.cards} aria-label={label}>
        {rows.map(({ key, cells }) => (
          <li key={key} className={styles.card}>
            <Facts facts={columns.map((column, n) => [column, cells[n]])} />
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
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, cells }) => (
            <tr key={key}>
              {cells.map((cell, n) => (
                <td key={columns[n] ?? n} className={styles.cell}>
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
