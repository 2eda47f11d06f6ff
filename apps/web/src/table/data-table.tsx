import { mergeClasses } from '@fluentui/react-components';
import { ChevronDown16Regular } from '@fluentui/react-icons/svg/chevron-down';
import { ChevronRight16Regular } from '@fluentui/react-icons/svg/chevron-right';
import {
  useMemo,
  useRef,
  type ComponentType,
  type CSSProperties,
  type ReactElement,
  type ReactNode,
} from 'react';
import { useNarrow } from '../components/use-media.ts';
import { useVirtualRows } from '../components/use-virtual-rows.ts';
import { leastWidthOf } from './column-choice.ts';
import { tracksOf, type Column, type TableRow, type TableSort } from './column.ts';
import { TableHeader } from './table-header.tsx';
import { rowHeight, useTableStyles } from './table.styles.ts';
import { tableTexts as texts } from './table.text.ts';
import { useTableKeys } from './use-table-keys.ts';

interface Props<Row> {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly TableRow<Row>[];
  readonly sort?: TableSort;
  /** Called with a column, with a leading `-` for descending order. */
  readonly onSort?: (sort: string) => void;
  readonly onOpen: (row: Row) => void;
  /** Shows or hides the parts of a row. */
  readonly onToggle?: (row: Row) => void;
  /** The name of a row. */
  readonly nameOf: (row: Row) => string;
  readonly isQuiet?: (row: Row) => boolean;
  /** A row on a phone, and its height in pixels. */
  readonly Card: ComponentType<{ readonly row: Row }>;
  readonly cardHeight: number;
  readonly isBusy?: boolean;
  /** The end of the list. */
  readonly children?: ReactNode;
}

/** Rows as a table, on a phone as cards. Only visible rows are rendered. */
export function DataTable<Row>(props: Props<Row>): ReactElement {
  const {
    label,
    columns,
    rows,
    sort,
    onSort,
    onOpen,
    onToggle,
    isBusy = false,
    cardHeight,
    children,
  } = props;
  const styles = useTableStyles();
  const narrow = useNarrow();
  const scroller = useRef<HTMLDivElement>(null);
  const places = useMemo(() => new Map(rows.map(({ key }, index) => [key, index])), [rows]);
  const headers = narrow ? 0 : 1;
  const { virtual, active, moveTo, handlers } = useVirtualRows({
    count: rows.length,
    size: narrow ? cardHeight : rowHeight,
    header: headers * rowHeight,
    start: 0,
    scroller,
    keyAt: (index) => rows[index]?.key ?? null,
    indexOf: (key) => places.get(key) ?? -1,
    onOpen: (index) => {
      const row = rows[index];
      if (row) onOpen(row.row);
    },
  });
  const keys = useTableKeys({
    scroller,
    rows: handlers,
    active,
    moveTo,
    expandedAt: (index) => rows[index]?.expanded,
    onToggle: (index) => {
      const row = rows[index];
      if (row) onToggle?.(row.row);
    },
  });
  const tracks = tracksOf(columns);
  const hasParts = rows.some(({ expanded }) => expanded !== undefined);
  return (
    <div ref={scroller} className={styles.scroller} data-scroll-restoration-id={label}>
      <div
        role={hasParts ? 'treegrid' : 'grid'}
        aria-label={label}
        aria-rowcount={rows.length + headers}
        aria-busy={isBusy}
        style={narrow ? undefined : { minWidth: `${leastWidthOf(columns)}rem` }}
        {...keys}
      >
        {!narrow && <TableHeader columns={columns} tracks={tracks} sort={sort ?? null} onSort={onSort} />}
        <div role="rowgroup" className={styles.rows} style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ index, start, size }) => {
            const row = rows[index];
            return (
              row && (
                <TableLine
                  key={row.key}
                  {...props}
                  row={row.row}
                  level={row.level ?? 1}
                  expanded={row.expanded}
                  index={index}
                  tracks={narrow ? null : tracks}
                  hasParts={hasParts}
                  isActive={index === active}
                  style={{
                    position: 'absolute',
                    insetInline: 0,
                    height: size,
                    transform: `translateY(${start}px)`,
                  }}
                />
              )
            );
          })}
        </div>
      </div>
      {children}
    </div>
  );
}

interface LineProps<Row> extends Omit<Props<Row>, 'rows'> {
  readonly row: Row;
  readonly level: number;
  readonly expanded: boolean | undefined;
  readonly index: number;
  /** The tracks of the grid; null for a card. */
  readonly tracks: string | null;
  readonly hasParts: boolean;
  readonly isActive: boolean;
  readonly style: CSSProperties;
}

function TableLine<Row>(props: LineProps<Row>): ReactElement {
  const { row, index, tracks, hasParts, isActive, style, level, expanded, columns, isQuiet, Card } = props;
  const styles = useTableStyles();
  return (
    <div
      role="row"
      aria-rowindex={index + (tracks === null ? 1 : 2)}
      aria-level={hasParts ? level : undefined}
      aria-expanded={expanded}
      data-index={index}
      tabIndex={isActive ? 0 : -1}
      className={mergeClasses(tracks === null ? styles.card : styles.row, isQuiet?.(row) && styles.quiet)}
      style={tracks === null ? style : { ...style, gridTemplateColumns: tracks }}
    >
      {tracks === null ? (
        <span role="gridcell">
          <Card row={row} />
        </span>
      ) : (
        columns.map(({ name, numeric, hasBar, Cell }, at) => (
          <span
            key={name}
            role="gridcell"
            className={mergeClasses(
              styles.cell,
              numeric === true && styles.number,
              hasBar === true && styles.left,
              at === 0 && hasParts && styles.first,
              at === 0 && level > 1 && styles.part,
            )}
          >
            {at === 0 && hasParts ? (
              <>
                <Expander {...props} />
                <span className={styles.firstText}>
                  <Cell row={row} />
                </span>
              </>
            ) : (
              <Cell row={row} />
            )}
          </span>
        ))
      )}
    </div>
  );
}

function Expander<Row>({ row, expanded, nameOf, onToggle }: LineProps<Row>): ReactElement {
  const styles = useTableStyles();
  if (expanded === undefined) return <span className={styles.slot} />;
  const Chevron = expanded ? ChevronDown16Regular : ChevronRight16Regular;
  return (
    <button
      type="button"
      tabIndex={-1}
      className={mergeClasses(styles.plain, styles.expander)}
      aria-label={(expanded ? texts.collapse : texts.expand)(nameOf(row))}
      onClick={() => onToggle?.(row)}
    >
      <Chevron aria-hidden />
    </button>
  );
}
