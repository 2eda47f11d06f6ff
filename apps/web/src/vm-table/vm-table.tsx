import { makeStyles, tokens } from '@fluentui/react-components';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState, type ReactElement, type ReactNode } from 'react';
import { ReadFailed } from '../components/read-failed.tsx';
import { useNarrow } from '../components/use-media.ts';
import { useVirtualRows } from '../components/use-virtual-rows.ts';
import { useInterest } from '../fleet/fleet-context.ts';
import type { VmListSpec, VmSortKey } from '../fleet/list-spec.ts';
import { useVmActions } from '../actions/action-context.ts';
import { useGridKeys } from './use-grid-keys.ts';
import { useGridSelection } from './use-grid-selection.ts';
import { useLiveOrder } from './use-live-order.ts';
import type { Selection } from './use-selection.ts';
import { pagesOf, useVmWindow } from './use-vm-window.ts';
import { vmLeastWidth, type VmColumn } from './vm-columns.tsx';
import { VmHeader } from './vm-header.tsx';
import { VmRow } from './vm-row.tsx';
import { cardHeight, rowHeight } from './vm-table.styles.ts';
import { vmTableTexts as texts } from './vm-table.text.ts';

const useStyles = makeStyles({
  scroller: { height: '100%', overflowY: 'auto', backgroundColor: tokens.colorNeutralBackground1 },
  known: {
    padding: `${tokens.spacingVerticalXS} ${tokens.spacingHorizontalXL}`,
    color: tokens.colorNeutralForeground2,
  },
  rows: { position: 'relative', minWidth: 0 },
});

interface Props {
  /** The columns to show; on a phone cards have the most important ones. */
  readonly columns: readonly VmColumn[];
  readonly spec: VmListSpec;
  readonly onSort: (sort: VmSortKey, descending: boolean) => void;
  /** Shown if the list is empty. */
  readonly empty: ReactNode;
  readonly onTotal?: (total: number) => void;
  readonly selection: Selection;
}

/** The number of skeleton rows while the list is being loaded. */
const expected = 12;

/** VMs as a table (cards on a phone). Only visible rows are rendered, read and sampled. */
export function VmTable({ columns, spec, onSort, empty, onTotal, selection }: Props): ReactElement {
  const styles = useStyles();
  const narrow = useNarrow();
  const navigate = useNavigate();
  const scroller = useRef<HTMLDivElement>(null);
  const [pages, setPages] = useState<readonly number[]>([0]);
  const list = useVmWindow(spec, pages);
  const { total } = list;
  const headers = narrow ? 0 : 1;
  const { openMenu } = useVmActions();
  const rows = useVirtualRows({
    count: total ?? expected,
    size: narrow ? cardHeight : rowHeight,
    header: headers * rowHeight,
    start: 0,
    scroller,
    keyAt: list.idAt,
    indexOf: list.indexOf,
    onOpen: (index) => {
      const vmId = list.idAt(index);
      if (vmId !== null) void navigate({ to: '/vms/$vmId', params: { vmId } });
    },
  });
  const { virtual, active } = rows;
  const onUse = useLiveOrder(spec);
  const select = useGridSelection(list, selection);
  const handlers = useGridKeys({
    grid: scroller,
    rows,
    ...select.handlers,
    onMenu: (index, row, point) => {
      const vmId = list.idAt(index);
      if (vmId !== null) openMenu(vmId, row, point);
    },
  });
  const items = virtual.getVirtualItems();
  const visible = pagesOf(items.map(({ index }) => index));
  if (visible.join() !== pages.join()) setPages(visible);

  // A different list starts at the top; the page's first list may be about to scroll to its previous position.
  const shown = JSON.stringify(list.shown);
  const scrolled = useRef(shown);
  useEffect(() => {
    if (scrolled.current === shown) return;
    scrolled.current = shown;
    scroller.current?.scrollTo({ top: 0 });
  }, [shown]);

  useEffect(() => {
    if (total !== null) onTotal?.(total);
  }, [total, onTotal]);

  const ids = items.flatMap(({ index }) => list.idAt(index) ?? []);
  useInterest(ids);

  if (list.error && (total === null || list.isBehind))
    return <ReadFailed title={texts.failedTitle} error={list.error} />;
  if (total === 0 && !list.isBehind) return <>{empty}</>;
  return (
    <div
      ref={scroller}
      className={styles.scroller}
      data-scroll-restoration-id="vm-table"
      onPointerMove={onUse}
      onKeyDownCapture={onUse}
    >
      {list.isKnownOnly && (
        <div role="status" className={styles.known}>
          {texts.knownOnly}
        </div>
      )}
      <div
        role="grid"
        aria-label={texts.label}
        aria-rowcount={total === null ? -1 : total + headers}
        aria-busy={total === null || list.isBehind}
        style={narrow ? undefined : { minWidth: `${vmLeastWidth(columns)}rem` }}
        aria-multiselectable
        {...handlers}
      >
        {!narrow && (
          <VmHeader
            columns={columns}
            spec={spec}
            onSort={onSort}
            selected={select.state}
            onSelectAll={select.toggleAll}
          />
        )}
        <div role="rowgroup" className={styles.rows} style={{ height: virtual.getTotalSize() }}>
          {items.map(({ index, start, size }) => (
            <VmRow
              key={list.idAt(index) ?? `at-${index}`}
              columns={columns}
              id={list.idAt(index)}
              index={index}
              narrow={narrow}
              active={index === active}
              selected={selection.ids.has(list.idAt(index) ?? '')}
              style={{
                position: 'absolute',
                insetInline: 0,
                height: size,
                transform: `translateY(${start}px)`,
              }}
            />
          ))}
        </div>
      </div>
    </div>
  );
}
