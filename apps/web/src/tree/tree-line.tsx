import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { ChevronDown16Regular } from '@fluentui/react-icons/svg/chevron-down';
import { ChevronRight16Regular } from '@fluentui/react-icons/svg/chevron-right';
import { Grid16Regular } from '@fluentui/react-icons/svg/grid';
import { Home16Regular } from '@fluentui/react-icons/svg/home';
import { Organization16Regular } from '@fluentui/react-icons/svg/organization';
import { Server16Regular } from '@fluentui/react-icons/svg/server';
import type { ComponentType, CSSProperties, ReactElement, ReactNode } from 'react';
import { formatDateTime, formatDuration } from '../components/format.ts';
import { conflictView, connectionViews } from '../components/states.text.ts';
import { ReplicaMark } from '../components/replica-mark.tsx';
import { Status } from '../components/status.tsx';
import { useNow } from '../components/use-now.ts';
import { VmStatus } from '../components/vm-status.tsx';
import { useRow } from '../fleet/fleet-context.ts';
import type { TreeRow } from './tree-rows.ts';
import { treeTexts as texts } from './tree.text.ts';

/** The height of a line in pixels; high enough for touch on a phone. */
export const lineHeight = 28;
export const touchLineHeight = 44;

const useStyles = makeStyles({
  line: {
    display: 'flex',
    alignItems: 'center',
    gap: tokens.spacingHorizontalXS,
    boxSizing: 'border-box',
    paddingRight: tokens.spacingHorizontalM,
    cursor: 'pointer',
    borderRadius: tokens.borderRadiusMedium,
    ':hover': { backgroundColor: tokens.colorNeutralBackground2Hover },
    ':focus-visible': {
      outline: `${tokens.strokeWidthThick} solid ${tokens.colorStrokeFocus2}`,
      outlineOffset: '-2px',
    },
  },
  current: { backgroundColor: tokens.colorNeutralBackground2Selected, fontWeight: tokens.fontWeightSemibold },
  heading: { cursor: 'default', color: tokens.colorNeutralForeground3, fontSize: tokens.fontSizeBase200 },
  quiet: { color: tokens.colorNeutralForeground3 },
  name: { flexGrow: 1, minWidth: 0, overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },
  count: {
    color: tokens.colorNeutralForeground3,
    fontSize: tokens.fontSizeBase200,
    fontVariantNumeric: 'tabular-nums',
  },
  slot: {
    display: 'inline-flex',
    alignItems: 'center',
    alignSelf: 'stretch',
    width: tokens.spacingHorizontalL,
    flexShrink: 0,
  },
});

type Icon = ComponentType<{ 'aria-hidden'?: boolean }>;

function Named({
  icon: Icon,
  name,
  end,
}: {
  readonly icon?: Icon;
  readonly name: string;
  readonly end?: ReactNode;
}): ReactElement {
  const styles = useStyles();
  return (
    <>
      {Icon && <Icon aria-hidden />}
      <span className={styles.name} title={name}>
        {name}
      </span>
      {end}
    </>
  );
}

function ClusterContent({ id }: { readonly id: string }): ReactElement {
  const styles = useStyles();
  const cluster = useRow('cluster', id);
  return (
    <Named
      icon={Organization16Regular}
      name={cluster?.name ?? ''}
      end={<span className={styles.count}>{cluster?.vmCount}</span>}
    />
  );
}

const minuteMs = 60_000;

/** The time since a host became unreachable; seconds are not shown, as they would only flicker. */
function UnreachableFor({ since }: { readonly since: string }): ReactElement {
  const ms = useNow() - Date.parse(since);
  return (
    <time dateTime={since} title={formatDateTime(since)}>
      {ms < minuteMs ? texts.unreachable : formatDuration(ms)}
    </time>
  );
}

function HostContent({ id }: { readonly id: string }): ReactElement {
  const styles = useStyles();
  const host = useRow('host', id);
  if (!host) return <Named icon={Server16Regular} name={id} />;
  const { state, since } = host.connection;
  const end = (
    <>
      {host.conflict && <Status view={conflictView} iconOnly />}
      {state === 'unreachable' && (
        <span className={styles.count}>
          <UnreachableFor since={host.stale?.since ?? since} />
        </span>
      )}
      {state === 'connected' ? (
        <span className={styles.count}>{host.vmCount}</span>
      ) : (
        <Status view={connectionViews[state]} iconOnly />
      )}
    </>
  );
  return <Named icon={Server16Regular} name={host.name} end={end} />;
}

function VmContent({ id }: { readonly id: string }): ReactElement {
  const vm = useRow('vm', id);
  if (!vm) return <Named name="" />;
  return (
    <>
      <VmStatus vm={vm} iconOnly />
      <Named name={vm.name} end={<ReplicaMark vm={vm} />} />
    </>
  );
}

function Content({ row }: { readonly row: TreeRow }): ReactElement {
  switch (row.kind) {
    case 'overview':
      return <Named icon={Home16Regular} name={texts.overview} />;
    case 'vms':
      return <Named icon={Grid16Regular} name={texts.allVms} />;
    case 'hosts':
      return <Named icon={Server16Regular} name={texts.hosts} />;
    case 'standalone':
      return <Named name={texts.standalone} />;
    case 'cluster':
      return <ClusterContent id={row.id} />;
    case 'host':
      return <HostContent id={row.id} />;
    case 'vm':
      return <VmContent id={row.id} />;
    case 'more':
      return <Named name={texts.more(row.count)} />;
    case 'note':
      return <Named name={{ loading: texts.loading, empty: texts.noVms, failed: texts.failed }[row.note]} />;
  }
}

interface Props {
  readonly row: TreeRow;
  readonly index: number;
  readonly active: boolean;
  readonly current: boolean;
  readonly style: CSSProperties;
  readonly onOpen: () => void;
  readonly onToggle: () => void;
}

/** One line of the tree. */
export function TreeLine({ row, index, active, current, style, onOpen, onToggle }: Props): ReactElement {
  const styles = useStyles();
  const expanded = row.kind === 'cluster' || row.kind === 'host' ? row.expanded : undefined;
  const Chevron = expanded ? ChevronDown16Regular : ChevronRight16Regular;
  return (
    <div
      role="treeitem"
      aria-level={row.level}
      aria-expanded={expanded}
      aria-selected={current}
      aria-current={current ? 'page' : undefined}
      data-index={index}
      tabIndex={active ? 0 : -1}
      className={mergeClasses(
        styles.line,
        current && styles.current,
        row.kind === 'standalone' && styles.heading,
        (row.kind === 'note' || row.kind === 'more') && styles.quiet,
      )}
      style={{
        ...style,
        paddingInlineStart: `calc(${row.level} * ${tokens.spacingHorizontalM} - ${tokens.spacingHorizontalXS})`,
      }}
      onClick={onOpen}
    >
      <span
        className={styles.slot}
        aria-hidden
        onClick={(event) => {
          if (expanded === undefined) return;
          event.stopPropagation();
          onToggle();
        }}
      >
        {expanded !== undefined && <Chevron />}
      </span>
      <Content row={row} />
    </div>
  );
}
