import type { Cluster, Host } from '@aether-v/types';

/** One line of the tree. `level` counts from 1, as in ARIA. */
export type TreeRow =
  | {
      readonly kind: 'overview' | 'vms' | 'hosts' | 'standalone';
      readonly key: string;
      readonly level: number;
    }
  | {
      readonly kind: 'cluster';
      readonly key: string;
      readonly level: number;
      readonly id: string;
      readonly expanded: boolean;
    }
  | {
      readonly kind: 'host';
      readonly key: string;
      readonly level: number;
      readonly id: string;
      readonly expanded: boolean;
    }
  | { readonly kind: 'vm'; readonly key: string; readonly level: number; readonly id: string }
  | {
      readonly kind: 'note';
      readonly key: string;
      readonly level: number;
      readonly note: 'loading' | 'empty' | 'failed';
    }
  | {
      readonly kind: 'more';
      readonly key: string;
      readonly level: number;
      readonly hostId: string;
      readonly count: number;
    };

/** The VMs of an expanded host that have been read. */
export interface HostVms {
  readonly ids: readonly string[] | null;
  readonly total: number;
  readonly failed: boolean;
}

export interface TreeInput {
  readonly clusters: readonly Cluster[];
  readonly hosts: readonly Host[];
  readonly collapsedClusters: ReadonlySet<string>;
  readonly expandedHosts: ReadonlySet<string>;
  readonly vmsOf: (hostId: string) => HostVms | undefined;
}

const byName = (a: { readonly name: string }, b: { readonly name: string }): number =>
  a.name.localeCompare(b.name);

function vmRows(host: Host, level: number, vms: HostVms | undefined): TreeRow[] {
  const key = `${host.id}/`;
  if (vms?.failed) return [{ kind: 'note', key: `${key}failed`, level, note: 'failed' }];
  if (!vms?.ids) return [{ kind: 'note', key: `${key}loading`, level, note: 'loading' }];
  if (vms.ids.length === 0) return [{ kind: 'note', key: `${key}empty`, level, note: 'empty' }];
  const rows = vms.ids.map((id): TreeRow => ({ kind: 'vm', key: key + id, level, id }));
  const count = vms.total - vms.ids.length;
  return count > 0 ? [...rows, { kind: 'more', key: `${key}more`, level, hostId: host.id, count }] : rows;
}

function hostRows(host: Host, level: number, input: TreeInput): TreeRow[] {
  const expanded = input.expandedHosts.has(host.id);
  const row: TreeRow = { kind: 'host', key: host.id, level, id: host.id, expanded };
  return expanded ? [row, ...vmRows(host, level + 1, input.vmsOf(host.id))] : [row];
}

/** Returns the visible lines of the tree, from top to bottom. */
export function treeRows(input: TreeInput): TreeRow[] {
  const clusters = [...input.clusters].sort(byName);
  const known = new Set(clusters.map(({ id }) => id));
  const hosts = [...input.hosts].sort(byName);
  const rows: TreeRow[] = [
    { kind: 'overview', key: 'overview', level: 1 },
    { kind: 'vms', key: 'vms', level: 1 },
    { kind: 'hosts', key: 'hosts', level: 1 },
  ];
  for (const cluster of clusters) {
    const expanded = !input.collapsedClusters.has(cluster.id);
    rows.push({ kind: 'cluster', key: cluster.id, level: 1, id: cluster.id, expanded });
    if (!expanded) continue;
    for (const host of hosts) if (host.clusterId === cluster.id) rows.push(...hostRows(host, 2, input));
  }
  // A host whose cluster has not been reported yet is shown here so that it is not missing.
  const alone = hosts.filter(({ clusterId }) => clusterId === null || !known.has(clusterId));
  if (alone.length > 0) rows.push({ kind: 'standalone', key: 'standalone', level: 1 });
  for (const host of alone) rows.push(...hostRows(host, 2, input));
  return rows;
}

/**
 * Returns the effect of the right or left arrow key on a line (ARIA's tree pattern): expand or collapse it, or move to
 * its first child or its parent; undefined if the key has no effect.
 */
export function sideStep(
  rows: readonly TreeRow[],
  index: number,
  key: string,
): 'toggle' | number | undefined {
  const row = rows[index];
  if (!row || (key !== 'ArrowRight' && key !== 'ArrowLeft')) return undefined;
  const expanded = 'expanded' in row ? row.expanded : undefined;
  if (key === 'ArrowRight') return expanded === undefined ? undefined : expanded ? index + 1 : 'toggle';
  if (expanded) return 'toggle';
  const parent = rows.slice(0, index).findLastIndex(({ level }) => level < row.level);
  return parent < 0 ? undefined : parent;
}
