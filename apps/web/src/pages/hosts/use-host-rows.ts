import { useMemo, useSyncExternalStore } from 'react';
import { useNow } from '../../components/use-now.ts';
import { useFleet, useInterest, useRows } from '../../fleet/fleet-context.ts';
import type { TableSort } from '../../table/column.ts';
import { capacityOf, type HostCapacity } from './host-capacity.ts';
import { hostMatcher } from './host-filter.ts';
import { sortHosts } from './host-order.ts';

const noVms: readonly string[] = [];

/** Hosts whose samples follow each other must not make the table jump: it is sorted anew every ten seconds. */
export function useHostRows(search: string, sort: TableSort): readonly HostCapacity[] {
  const { usage } = useFleet();
  const hosts = useRows('host');
  const clusters = useRows('cluster');
  useInterest(
    noVms,
    useMemo(() => hosts.map(({ id }) => id), [hosts]),
  );
  const now = useNow();
  // The first samples are shown at once.
  const sampled = useSyncExternalStore(
    usage.subscribe,
    () => hosts.filter(({ id }) => usage.host(id) !== null).length,
  );
  const { column, descending } = sort;
  return useMemo(() => {
    const byId = new Map(clusters.map((cluster) => [cluster.id, cluster]));
    const rows = hosts
      .filter(hostMatcher(search))
      .map((host) =>
        capacityOf(host, byId.get(host.clusterId ?? '') ?? null, usage.host(host.id)?.latest ?? null),
      );
    return sortHosts(rows, { column, descending });
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the time and the number of samples stand for the samples
  }, [hosts, clusters, search, column, descending, usage, now, sampled]);
}
