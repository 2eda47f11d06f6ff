import { makeStyles, tokens } from '@fluentui/react-components';
import { useLocation, useNavigate } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef, type KeyboardEvent, type ReactElement } from 'react';
import { useListKeys } from '../../components/use-list-keys.ts';
import { shellTexts } from '../shell.text.ts';
import { lineHeight, TreeLine } from './tree-line.tsx';
import type { TreeRow } from './tree-rows.ts';
import { useTree } from './use-tree.ts';

const useStyles = makeStyles({
  scroller: {
    height: '100%',
    overflowY: 'auto',
    padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalXS}`,
    boxSizing: 'border-box',
  },
  lines: { position: 'relative' },
});

function pathOf(row: TreeRow): string | null {
  switch (row.kind) {
    case 'overview':
      return '/';
    case 'vms':
      return '/vms';
    case 'cluster':
      return `/clusters/${row.id}`;
    case 'host':
      return `/hosts/${row.id}`;
    case 'more':
      return `/hosts/${row.hostId}`;
    case 'vm':
      return `/vms/${row.id}`;
    case 'standalone':
    case 'note':
      return null;
  }
}

/** The fleet as a tree: clusters, their hosts, their VMs. Only the lines on the screen exist. */
export function FleetTree(): ReactElement {
  const styles = useStyles();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const scroller = useRef<HTMLDivElement>(null);
  const { rows, toggle } = useTree();
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => lineHeight,
    overscan: 10,
  });
  const open = (row: TreeRow): void => {
    const to = pathOf(row);
    if (to !== null) void navigate({ to });
  };
  const here = rows.findIndex((row) => pathOf(row) === pathname && row.kind !== 'more');
  const list = useListKeys({
    count: rows.length,
    start: Math.max(0, here),
    scroller,
    scrollTo: (index) => virtual.scrollToIndex(index),
    onMove: () => undefined,
    onOpen: (index) => {
      const row = rows[index];
      if (row) open(row);
    },
  });
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    const row = rows[list.active];
    const expanded = row && 'expanded' in row ? row.expanded : undefined;
    const toggles =
      (event.key === 'ArrowRight' && expanded === false) || (event.key === 'ArrowLeft' && expanded === true);
    if (row && toggles) {
      event.preventDefault();
      toggle(row);
    } else list.handlers.onKeyDown(event);
  };
  return (
    <div ref={scroller} className={styles.scroller}>
      <div
        role="tree"
        aria-label={shellTexts.tree}
        className={styles.lines}
        style={{ height: virtual.getTotalSize() }}
        onFocus={list.handlers.onFocus}
        onKeyDown={onKeyDown}
      >
        {virtual.getVirtualItems().map(({ index, start }) => {
          const row = rows[index];
          if (!row) return null;
          return (
            <TreeLine
              key={row.key}
              row={row}
              index={index}
              active={index === list.active}
              current={index === here}
              style={{
                position: 'absolute',
                insetInline: 0,
                height: lineHeight,
                transform: `translateY(${start}px)`,
              }}
              onOpen={() => open(row)}
              onToggle={() => toggle(row)}
            />
          );
        })}
      </div>
    </div>
  );
}
