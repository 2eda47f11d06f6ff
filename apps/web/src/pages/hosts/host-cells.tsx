import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import { AppLink } from '../../components/app-link.tsx';
import { Dash } from '../../components/dash.tsx';
import { formatCount, formatPart, formatPercent } from '../../components/format.ts';
import { hostStatusView } from '../../components/host-status-view.ts';
import { Status } from '../../components/status.tsx';
import { Ago } from '../../components/time.tsx';
import { useHostUsage } from '../../fleet/fleet-context.ts';
import { fractionOf, fullestOf, type HostCapacity } from './host-capacity.ts';
import { hostsTexts as texts } from './hosts.text.ts';

const useStyles = makeStyles({
  name: { fontWeight: tokens.fontWeightSemibold },
  amount: { display: 'inline-flex', alignItems: 'center', gap: tokens.spacingHorizontalS, maxWidth: '100%' },
  bar: {
    width: '1.5rem',
    height: '6px',
    flexShrink: 0,
    borderRadius: tokens.borderRadiusSmall,
    overflow: 'hidden',
    backgroundColor: tokens.colorNeutralBackground6,
  },
  fill: { height: '100%', backgroundColor: tokens.colorCompoundBrandBackground },
  high: { backgroundColor: tokens.colorStatusDangerBackground3 },
  text: { minWidth: 0, overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },
});

/** The used fraction from which a resource is marked as nearly full. */
const nearlyFull = 0.9;

interface Props {
  readonly row: HostCapacity;
}

function Bar({ fraction }: { readonly fraction: number }): ReactElement {
  const styles = useStyles();
  return (
    <span className={styles.bar} aria-hidden>
      <span
        className={mergeClasses(styles.fill, fraction >= nearlyFull && styles.high)}
        style={{ display: 'block', width: `${Math.min(100, Math.max(0, fraction * 100))}%` }}
      />
    </span>
  );
}

function Measured({
  fraction,
  text,
  title,
}: {
  fraction: number;
  text: string;
  title: string;
}): ReactElement {
  const styles = useStyles();
  return (
    <span className={styles.amount} title={title}>
      <Bar fraction={fraction} />
      <span className={styles.text}>{text}</span>
    </span>
  );
}

/** The reason for a value that is missing although the host could report it. */
function missing({ host }: HostCapacity): string {
  return host.stale || host.connection.state === 'unreachable' ? texts.unreachable : texts.noSample;
}

export function HostName({ row: { host } }: Props): ReactElement {
  return (
    <AppLink
      to="/hosts/$hostId"
      params={{ hostId: host.id }}
      className={useStyles().name}
      tabIndex={-1}
      title={host.name}
    >
      {host.name}
    </AppLink>
  );
}

export function HostCluster({ row: { host } }: Props): ReactElement {
  if (host.clusterId === null) return <>{texts.standalone}</>;
  return (
    <AppLink to="/clusters/$clusterId" params={{ clusterId: host.clusterId }} tabIndex={-1}>
      {host.clusterName}
    </AppLink>
  );
}

export function HostState({ row: { host } }: Props): ReactElement {
  return <Status view={hostStatusView(host)} />;
}

/** The scarcest resource, which the default order is about. */
export function HostFullest({ row }: Props): ReactElement {
  const fullest = fullestOf(row);
  if (fullest === null) return <Dash reason={missing(row)} />;
  return <>{`${texts.resources[fullest.resource]} ${formatPercent(fullest.fraction * 100)}`}</>;
}

export function HostCpu({ row }: Props): ReactElement {
  const usage = useHostUsage(row.host.id);
  if (row.cpuPercent === null || !usage) return <Dash reason={missing(row)} />;
  return <>{formatPercent(usage.latest.cpuPercent)}</>;
}

export function HostMemory({ row }: Props): ReactElement {
  const { memory } = row;
  if (memory === null) return <Dash reason={missing(row)} />;
  const text = formatPart(memory.used, memory.all, texts.amount);
  return <Measured fraction={fractionOf(memory) ?? 0} text={text} title={text} />;
}

export function HostVms({ row: { host } }: Props): ReactElement {
  const all = formatCount(host.vmCount);
  if (!host.facts) return <Dash reason={texts.unknown} />;
  return (
    <span title={host.stale ? texts.lastKnown : texts.running(formatCount(host.runningVmCount), all)}>
      {all}
    </span>
  );
}

export function HostStorage({ row }: Props): ReactElement {
  const { storage } = row;
  if (storage === null) return <Dash reason={texts.noStorage} />;
  const text = formatPart(storage.all - storage.used, storage.all, texts.amount);
  return <Measured fraction={fractionOf(storage) ?? 0} text={text} title={text} />;
}

export function HostAgent({ row: { host } }: Props): ReactElement {
  return host.facts ? <>{host.facts.agentVersion}</> : <Dash reason={texts.unknown} />;
}

export function HostHeard({ row: { host } }: Props): ReactElement {
  const usage = useHostUsage(host.id);
  const moment = host.stale?.since ?? usage?.latest.sampledAt ?? host.connection.since;
  if (!host.facts) return <Dash reason={texts.neverHeard} />;
  return <Ago moment={moment} />;
}

export function HostAddress({ row: { host } }: Props): ReactElement {
  return <span title={host.address}>{host.address}</span>;
}

export function HostSystem({ row: { host } }: Props): ReactElement {
  if (!host.facts) return <Dash reason={texts.unknown} />;
  return <span title={`${host.facts.osName} ${host.facts.osVersion}`}>{host.facts.osName}</span>;
}
