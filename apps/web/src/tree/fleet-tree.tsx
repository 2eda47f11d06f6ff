import { makeStyles, tokens } from '@fluentui/react-components';
import { useLocation, useNavigate, useParams } from '@tanstack/react-router';
import { useRef, type KeyboardEvent, type ReactElement } from 'react';
import { useNarrow } from '../components/use-media.ts';
import { useVirtualRows } from '../components/use-virtual-rows.ts';
import { lineHeight, touchLineHeight, TreeLine } from './tree-line.tsx';
import { sideStep, type TreeRow } from './tree-rows.ts';
import { treeTexts } from './tree.text.ts';
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

/** Returns the link of a tree line; null if it has none. */
function linkOf(row: TreeRow) {
  switch (row.kind) {
    case 'overview':
      return { to: '/' } as const;
    case 'vms':
      return { to: '/vms' } as const;
    case 'hosts':
      return { to: '/hosts' } as const;
    case 'cluster':
      return { to: '/clusters/$clusterId', params: { clusterId: row.id } } as const;
    case 'host':
      return { to: '/hosts/$hostId', params: { hostId: row.id } } as const;
    case 'more':
      return { to: '/hosts/$hostId', params: { hostId: row.hostId } } as const;
    case 'vm':
      return { to: '/vms/$vmId', params: { vmId: row.id } } as const;
    case 'standalone':
    case 'note':
      return null;
  }
}

/** Returns a test of whether a line represents the open page. */
function useIsHere(): (row: TreeRow) => boolean {
  const { pathname } = useLocation();
  const { vmId, hostId, clusterId } = useParams({ strict: false });
  return (row) => {
    switch (row.kind) {
      case 'overview':
        return pathname === '/';
      case 'vms':
        return pathname === '/vms';
      case 'hosts':
        return pathname === '/hosts';
      case 'cluster':
        return row.id === clusterId;
      case 'host':
        return row.id === hostId;
      case 'vm':
        return row.id === vmId;
      case 'more':
      case 'standalone':
      case 'note':
        return false;
    }
  };
}

/** The fleet as a tree: clusters, hosts, VMs. Only visible lines are rendered. */
export function FleetTree({ focusAtOnce = false }: { readonly focusAtOnce?: boolean }): ReactElement {
  const styles = useStyles();
  const navigate = useNavigate();
  const isHere = useIsHere();
  const size = useNarrow() ? touchLineHeight : lineHeight;
  const scroller = useRef<HTMLDivElement>(null);
  const { rows, toggle } = useTree();
  const open = (row: TreeRow): void => {
    const link = linkOf(row);
    if (link) void navigate(link);
  };
  const here = rows.findIndex(isHere);
  const { virtual, active, moveTo, handlers } = useVirtualRows({
    count: rows.length,
    size,
    start: Math.max(0, here),
    focusAtOnce,
    scroller,
    keyAt: (index) => rows[index]?.key ?? null,
    indexOf: (key) => rows.findIndex((row) => row.key === key),
    onOpen: (index) => {
      const row = rows[index];
      if (row) open(row);
    },
  });
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    const row = rows[active];
    const step = sideStep(rows, active, event.key);
    if (!row || step === undefined) handlers.onKeyDown(event);
    else {
      event.preventDefault();
      if (step === 'toggle') toggle(row);
      else moveTo(step);
    }
  };
  return (
    <div ref={scroller} className={styles.scroller}>
      <div
        role="tree"
        aria-label={treeTexts.title}
        className={styles.lines}
        style={{ height: virtual.getTotalSize() }}
        onFocus={handlers.onFocus}
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
              active={index === active}
              current={index === here}
              style={{
                position: 'absolute',
                insetInline: 0,
                height: size,
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
