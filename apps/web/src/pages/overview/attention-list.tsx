import type { Host } from '@aether-v/types';
import { makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import { AppLink } from '../../components/app-link.tsx';
import { formatBytes, formatDateTime } from '../../components/format.ts';
import { conflictView, nodeStateViews } from '../../components/states.text.ts';
import { Status } from '../../components/status.tsx';
import { useGathering } from '../../fleet/use-gathering.ts';
import { ReadingHosts } from './reading-hosts.tsx';
import type { Attention } from './attention.ts';
import { overviewTexts as texts } from './overview.text.ts';

const useStyles = makeStyles({
  list: { margin: 0, padding: 0, listStyleType: 'none', display: 'grid', gap: tokens.spacingVerticalS },
  item: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 14rem), 1fr))',
    '@media (min-width: 768px)': { gridTemplateColumns: 'minmax(0, 14rem) minmax(0, 1fr)' },
    columnGap: tokens.spacingHorizontalL,
  },
  why: { overflowWrap: 'anywhere', color: tokens.colorNeutralForeground2 },
});

function Item({ item }: { readonly item: Attention }): ReactElement {
  const styles = useStyles();
  switch (item.kind) {
    case 'host-unreachable':
      return (
        <>
          <HostLink host={item.host} />
          <span className={styles.why}>
            <Status
              view={{
                icon: 'unreachable',
                tone: 'bad',
                word: texts.unreachable(formatDateTime(item.host.stale?.since ?? item.host.connection.since)),
              }}
            />
            <div>{item.host.connection.error?.message}</div>
          </span>
        </>
      );
    case 'host-conflict':
      return (
        <>
          <HostLink host={item.host} />
          <span className={styles.why}>
            <Status view={conflictView} />
            <div>{item.host.conflict?.message}</div>
          </span>
        </>
      );
    case 'host-clock':
      return (
        <>
          <HostLink host={item.host} />
          <Status view={{ icon: 'warning', tone: 'warning', word: texts.clockOff }} />
        </>
      );
    case 'node':
      return (
        <>
          <AppLink to="/hosts/$hostId" params={{ hostId: item.node.hostId }}>
            {item.node.name}
          </AppLink>
          <Status
            view={{
              ...nodeStateViews[item.node.state],
              word: texts.node(nodeStateViews[item.node.state].word, item.cluster.name),
            }}
          />
        </>
      );
    case 'volume':
      return (
        <>
          <AppLink
            to="/clusters/$clusterId"
            params={{ clusterId: item.cluster.id }}
            search={{ tab: 'cluster' }}
          >
            {item.volume.name}, {item.cluster.name}
          </AppLink>
          <Status
            view={{
              icon: 'warning',
              tone: 'warning',
              word: texts.lowSpace(formatBytes(item.volume.free), formatBytes(item.volume.size)),
            }}
          />
        </>
      );
    case 'job':
      return (
        <>
          <AppLink to="/jobs/$jobId" params={{ jobId: item.job.id }}>
            {item.job.title}
          </AppLink>
          <Status
            view={
              item.job.state === 'failed'
                ? { icon: 'error', tone: 'bad', word: item.job.error?.message ?? texts.failedJob }
                : { icon: 'unknown', tone: 'warning', word: texts.unknownJob }
            }
          />
        </>
      );
  }
}

/** The items that need attention, each with a link. Reports that all is well only after every host has been read. */
export function AttentionList({ items }: { readonly items: readonly Attention[] }): ReactElement {
  const styles = useStyles();
  const gathering = useGathering();
  if (items.length === 0)
    return gathering ? (
      <ReadingHosts />
    ) : (
      <Status view={{ icon: 'ok', tone: 'good', word: texts.allWell }} wraps />
    );
  return (
    <ul className={styles.list}>
      {items.map((item) => (
        <li key={item.key} className={styles.item}>
          <Item item={item} />
        </li>
      ))}
    </ul>
  );
}

function HostLink({ host }: { readonly host: Host }) {
  return (
    <AppLink to="/hosts/$hostId" params={{ hostId: host.id }}>
      {host.name}
    </AppLink>
  );
}
