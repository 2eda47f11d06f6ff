import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import type { AuditRecord } from '@aether-v/types';
import type { ReactElement, ReactNode, RefCallback } from 'react';
import { formatDateTime } from '../../components/format.ts';
import { Status } from '../../components/status.tsx';
import { useNarrow } from '../../components/use-media.ts';
import type { AuditColumn } from './audit-columns.tsx';
import { actionWords, auditStatusViews, auditTexts as texts } from './audit.text.ts';

const useStyles = makeStyles({
  root: { flexGrow: 1, minHeight: 0, overflow: 'auto', backgroundColor: tokens.colorNeutralBackground1 },
  table: { width: '100%', borderCollapse: 'collapse', textAlign: 'start' },
  head: {
    position: 'sticky',
    top: 0,
    zIndex: 1,
    backgroundColor: tokens.colorNeutralBackground1,
    boxShadow: `inset 0 -1px 0 ${tokens.colorNeutralStroke2}`,
    textAlign: 'start',
    fontSize: tokens.fontSizeBase200,
    fontWeight: tokens.fontWeightSemibold,
    whiteSpace: 'nowrap',
  },
  cell: {
    height: '2rem',
    padding: `0 ${tokens.spacingHorizontalM} 0 0`,
    maxWidth: '16rem',
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
    ':first-child': { paddingLeft: tokens.spacingHorizontalXL },
    ':last-child': { paddingRight: tokens.spacingHorizontalXL },
  },
  row: {
    cursor: 'pointer',
    borderBottom: `${tokens.strokeWidthThin} solid ${tokens.colorNeutralStroke3}`,
    ':hover': { backgroundColor: tokens.colorNeutralBackground1Hover },
  },
  open: {
    padding: 0,
    border: 'none',
    background: 'none',
    font: 'inherit',
    color: tokens.colorBrandForegroundLink,
    cursor: 'pointer',
    textAlign: 'start',
    borderRadius: tokens.borderRadiusSmall,
    ':focus-visible': { outline: `${tokens.strokeWidthThick} solid ${tokens.colorStrokeFocus2}` },
  },
  cards: { margin: 0, padding: 0, listStyleType: 'none' },
  card: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr) auto',
    gap: `${tokens.spacingVerticalXXS} ${tokens.spacingHorizontalM}`,
    padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalXL}`,
    overflowWrap: 'anywhere',
  },
  quiet: { color: tokens.colorNeutralForeground3 },
  end: { justifySelf: 'end' },
  whole: { gridColumnEnd: 'span 2' },
});

interface Props {
  readonly columns: readonly AuditColumn[];
  /** Measures the width of the table. */
  readonly measure: RefCallback<HTMLElement>;
  readonly records: readonly AuditRecord[];
  readonly onOpen: (record: AuditRecord) => void;
  /** The end of the list. */
  readonly children: ReactNode;
}

const keyOf = ({ timestamp, seq }: AuditRecord): string => `${timestamp} ${seq}`;

/** The records as a table; on a phone as cards. */
export function AuditTable({ columns, measure, records, onOpen, children }: Props): ReactElement {
  const styles = useStyles();
  const narrow = useNarrow();
  return (
    // It scrolls, so it must be reachable by keyboard.
    <div ref={measure} className={styles.root} tabIndex={0} role="region" aria-label={texts.table}>
      {narrow ? (
        <Cards records={records} onOpen={onOpen} />
      ) : (
        <Rows columns={columns} records={records} onOpen={onOpen} />
      )}
      {children}
    </div>
  );
}

function OpenButton({
  record,
  onOpen,
}: { readonly record: AuditRecord } & Pick<Props, 'onOpen'>): ReactElement {
  const action = actionWords(record.action);
  const object = record.object.name ?? '';
  return (
    <button
      type="button"
      className={useStyles().open}
      aria-haspopup="dialog"
      aria-label={texts.open(action, object, formatDateTime(record.timestamp))}
      onClick={(event) => {
        event.stopPropagation();
        onOpen(record);
      }}
    >
      {action}
    </button>
  );
}

function Rows({ columns, records, onOpen }: Omit<Props, 'children' | 'measure'>): ReactElement {
  const styles = useStyles();
  return (
    <table className={styles.table} aria-label={texts.table}>
      <thead>
        <tr>
          {columns.map(({ name, label }) => (
            <th key={name} scope="col" className={mergeClasses(styles.cell, styles.head)}>
              {label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {records.map((record) => (
          <tr key={keyOf(record)} className={styles.row} onClick={() => onOpen(record)}>
            {columns.map(({ name, cell }) => {
              const content = cell(record);
              return (
                <td
                  key={name}
                  className={styles.cell}
                  title={typeof content === 'string' ? content : undefined}
                >
                  {name === 'action' ? <OpenButton record={record} onOpen={onOpen} /> : content}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Cards({ records, onOpen }: Pick<Props, 'records' | 'onOpen'>): ReactElement {
  const styles = useStyles();
  return (
    <ul className={styles.cards} aria-label={texts.table}>
      {records.map((record) => (
        <li
          key={keyOf(record)}
          className={mergeClasses(styles.row, styles.card)}
          onClick={() => onOpen(record)}
        >
          <span>
            <OpenButton record={record} onOpen={onOpen} /> {record.object.name ?? record.object.id}
          </span>
          <span className={styles.end}>
            <Status view={auditStatusViews[record.status]} />
          </span>
          <span className={mergeClasses(styles.quiet, styles.whole)}>
            {[formatDateTime(record.timestamp), record.actor.name, record.clientIp]
              .filter((part) => part !== null)
              .join(' · ')}
          </span>
        </li>
      ))}
    </ul>
  );
}
