import { useQueries } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useFleet, useRows } from '../fleet/fleet-context.ts';
import { vmPageQuery } from '../fleet/queries.ts';
import { treeRows, type HostVms, type TreeRow } from './tree-rows.ts';

/** The maximum number of VMs that the tree shows per host; the host's page lists all. */
const mostVms = 500;
const key = 'aether-v.tree';

interface Opened {
  readonly collapsedClusters: readonly string[];
  readonly expandedHosts: readonly string[];
}

function restore(): Opened {
  const text = sessionStorage.getItem(key);
  return text === null ? { collapsedClusters: [], expandedHosts: [] } : (JSON.parse(text) as Opened);
}

function toggled(list: readonly string[], id: string): readonly string[] {
  return list.includes(id) ? list.filter((each) => each !== id) : [...list, id];
}

/** Returns the tree's lines; the VMs of a host are read when it is expanded. */
export function useTree(): { readonly rows: readonly TreeRow[]; readonly toggle: (row: TreeRow) => void } {
  const fleet = useFleet();
  const clusters = useRows('cluster');
  const hosts = useRows('host');
  const [opened, setOpened] = useState(restore);
  const { collapsedClusters, expandedHosts } = opened;
  const lists = useQueries({
    queries: expandedHosts.map((hostId) =>
      vmPageQuery(fleet, { hostId, sort: 'name', descending: false }, 0, mostVms),
    ),
  });
  const byHost = new Map<string, HostVms>(
    expandedHosts.map((hostId, n) => {
      const { data, error } = lists[n] ?? {};
      return [hostId, { ids: data?.ids ?? null, total: data?.total ?? 0, failed: !data && Boolean(error) }];
    }),
  );
  const rows = treeRows({
    clusters,
    hosts,
    collapsedClusters: useMemo(() => new Set(collapsedClusters), [collapsedClusters]),
    expandedHosts: useMemo(() => new Set(expandedHosts), [expandedHosts]),
    vmsOf: (hostId) => byHost.get(hostId),
  });
  const toggle = (row: TreeRow): void => {
    if (row.kind !== 'cluster' && row.kind !== 'host') return;
    const next: Opened =
      row.kind === 'cluster'
        ? { ...opened, collapsedClusters: toggled(collapsedClusters, row.id) }
        : { ...opened, expandedHosts: toggled(expandedHosts, row.id) };
    sessionStorage.setItem(key, JSON.stringify(next));
    setOpened(next);
  };
  return { rows, toggle };
}
