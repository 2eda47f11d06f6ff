import { makeStyles, tokens } from '@fluentui/react-components';
import { useNavigate } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState, type ReactElement, type ReactNode } from 'react';
import { useInterest } from '../../fleet/fleet-context.ts';
import type { VmListSpec, VmSortKey } from '../../fleet/list-spec.ts';
import { ReadFailed } from '../read-failed.tsx';
import { useNarrow } from '../use-media.ts';
import { useListKeys } from '../use-list-keys.ts';
import { useVmWindow } from './use-vm-window.ts';
import { VmHeader } from './vm-header.tsx';
import { VmRow } from './vm-row.tsx';
import { cardHeight, rowHeight } from './vm-table.styles.ts';
import { vmTableTexts as texts } from './vm-table.text.ts';

const useStyles = makeStyles({
  scroller: { height: '100%', overflowY: 'auto', backgroundColor: tokens.colorNeutralBackground1 },
  rows: { position: 'relative', minWidth: 0 },
  wide: { minWidth: '58rem' },
});

interface Props {
  readonly spec: VmListSpec;
  readonly onSort: (sort: VmSortKey, descending: boolean) => void;
  /** What stands there when the list is empty. */
  readonly empty: ReactNode;
  readonly onTotal?: (total: number) => void;
  /** The VM that was opened from here last; it has the focus stop. */
  readonly selected?: string | undefined;
  readonly onSelect?: (vmId: string) => void;
}

/** Skeleton rows while nothing is known yet. */
const expected = 12;

/** VMs as a table (cards on a phone): only what is on the screen exists, is read and is sampled. */
export function VmTable({ spec, onSort, empty, onTotal, selected, onSelect }: Props): ReactElement {
  const styles = useStyles();
  const narrow = useNarrow();
  const navigate = useNavigate();
  const scroller = useRef<HTMLDivElement>(null);
  const [range, setRange] = useState({ first: 0, last: 0 });
  const list = useVmWindow(spec, range.first, range.last);
  const count = list.total ?? expected;
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => (narrow ? cardHeight : rowHeight),
    overscan: 8,
    paddingStart: 0,
  });
  const items = virtual.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;
  if (range.first !== first || range.last !== last) setRange({ first, last });
  useEffect(() => virtual.measure(), [virtual, narrow]);

  const shown = JSON.stringify(list.shown);
  useEffect(() => {
    scroller.current?.scrollTo({ top: 0 });
  }, [shown]);

  const { total } = list;
  useEffect(() => {
    if (total !== null) onTotal?.(total);
  }, [total, onTotal]);

  const ids = items.flatMap(({ index }) => list.idAt(index) ?? []);
  useInterest(ids);
  const selectedIndex = items.find(({ index }) => list.idAt(index) === selected)?.index;
  const keysOf = useListKeys({
    count,
    start: selectedIndex ?? 0,
    scroller,
    scrollTo: (index) => virtual.scrollToIndex(index),
    onMove: (index) => {
      const id = list.idAt(index);
      if (id !== null) onSelect?.(id);
    },
    onOpen: (index) => {
      const vmId = list.idAt(index);
      if (vmId !== null) void navigate({ to: '/vms/$vmId', params: { vmId } });
    },
  });

  if (list.error && total === null) return <ReadFailed title={texts.failedTitle} error={list.error} />;
  if (total === 0 && !list.isBehind) return <>{empty}</>;
  return (
    <div ref={scroller} className={styles.scroller} data-scroll-restoration-id="vm-table">
      <div
        role="grid"
        aria-label={texts.label}
        aria-rowcount={total === null ? -1 : total + 1}
        aria-busy={total === null || list.isBehind}
        className={narrow ? undefined : styles.wide}
        {...keysOf.handlers}
      >
        {!narrow && <VmHeader spec={spec} onSort={onSort} />}
        <div role="rowgroup" className={styles.rows} style={{ height: virtual.getTotalSize() }}>
          {items.map(({ index, start, size }) => (
            <VmRow
              key={list.idAt(index) ?? `at-${index}`}
              id={list.idAt(index)}
              index={index}
              narrow={narrow}
              active={index === keysOf.active}
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
