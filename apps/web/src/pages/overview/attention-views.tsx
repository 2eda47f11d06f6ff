import type { Host, VmSummary } from '@aether-v/types';
import type { ReactNode } from 'react';
import { AppLink } from '../../components/app-link.tsx';
import { formatBytes, formatPercent } from '../../components/format.ts';
import { conflictView, nodeStateViews } from '../../components/states.text.ts';
import type { StatusView } from '../../components/status.tsx';
import { Ago } from '../../components/time.tsx';
import type { Attention } from './attention.ts';
import { overviewTexts as texts } from './overview.text.ts';

/** An item in words: its state, its object as a link, its place, and the details. */
export interface AttentionView {
  readonly status: StatusView;
  readonly object: ReactNode;
  readonly place: ReactNode;
  readonly detail: ReactNode;
}

type Of<K extends Attention['kind']> = Extract<Attention, { readonly kind: K }>;

function HostLink({ host }: { readonly host: Pick<Host, 'id' | 'name'> }) {
  return (
    <AppLink to="/hosts/$hostId" params={{ hostId: host.id }}>
      {host.name}
    </AppLink>
  );
}

function VmLink({ vm }: { readonly vm: Pick<VmSummary, 'id' | 'name'> }) {
  return (
    <AppLink to="/vms/$vmId" params={{ vmId: vm.id }}>
      {vm.name}
    </AppLink>
  );
}

const views: { readonly [K in Attention['kind']]: (item: Of<K>) => AttentionView } = {
  'vm-critical': ({ vm }) => ({
    status: { icon: 'error', tone: 'bad', word: texts.critical },
    object: <VmLink vm={vm} />,
    place: <HostLink host={{ id: vm.hostId, name: vm.hostName }} />,
    detail: vm.stale ? texts.criticalLastKnown : texts.criticalDetail,
  }),
  'vm-conflict': ({ vm }) => ({
    status: conflictView,
    object: <VmLink vm={vm} />,
    place: <HostLink host={{ id: vm.hostId, name: vm.hostName }} />,
    // The message contains the remedy.
    detail: vm.conflict?.message,
  }),
  'host-unreachable': ({ host }) => ({
    status: { icon: 'unreachable', tone: 'bad', word: texts.unreachable },
    object: <HostLink host={host} />,
    place: (
      <>
        {host.staleVmCount > 0 && `${texts.vmsLastKnown(host.staleVmCount)} · `}
        <Ago moment={host.stale?.since ?? host.connection.since} />
      </>
    ),
    detail: host.connection.error?.message,
  }),
  'host-conflict': ({ host }) => ({
    status: conflictView,
    object: <HostLink host={host} />,
    place: host.clusterName,
    detail: host.conflict?.message,
  }),
  'host-clock': ({ host }) => ({
    status: { icon: 'warning', tone: 'warning', word: texts.clockOff },
    object: <HostLink host={host} />,
    place: host.clusterName,
    detail: host.problems.find(({ part }) => part === 'clock')?.message,
  }),
  node: ({ node, cluster }) => ({
    status: nodeStateViews[node.state],
    object: <HostLink host={{ id: node.hostId, name: node.name }} />,
    place: cluster.name,
    detail: texts.node(nodeStateViews[node.state].word),
  }),
  volume: ({ volume, cluster }) => ({
    status: { icon: 'warning', tone: 'warning', word: texts.lowSpace },
    object: (
      <AppLink to="/clusters/$clusterId" params={{ clusterId: cluster.id }} search={{ tab: 'cluster' }}>
        {volume.name}
      </AppLink>
    ),
    place: cluster.name,
    detail: texts.free(
      formatPercent((volume.free / volume.size) * 100),
      formatBytes(volume.free),
      formatBytes(volume.size),
    ),
  }),
  job: ({ job }) => ({
    status:
      job.state === 'failed'
        ? { icon: 'error', tone: 'bad', word: texts.failedJob }
        : { icon: 'unknown', tone: 'warning', word: texts.unknownJob },
    object: (
      <AppLink to="/jobs/$jobId" params={{ jobId: job.id }}>
        {job.title}
      </AppLink>
    ),
    place: <Ago moment={job.finishedAt ?? job.createdAt} />,
    detail: job.error?.message,
  }),
};

/** Returns the words for an item. */
export function attentionView<K extends Attention['kind']>(item: Of<K>): AttentionView {
  const view = views[item.kind] as (item: Of<K>) => AttentionView;
  return view(item);
}
