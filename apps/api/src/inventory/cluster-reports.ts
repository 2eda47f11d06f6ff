import type { Cluster, ClusterFacts } from '@aether-v/types';
import type { HostState, VmCounts } from './host-state.ts';

/**
 * Which confirmed node speaks for each cluster. Nodes see their cluster at slightly different moments, so one of them is believed
 * for as long as it answers: otherwise the row would flutter between views.
 */
export class ClusterReports {
  readonly #speakers = new Map<string, HostState>();

  /** Chooses who speaks for a cluster, out of its confirmed nodes in the fleet. */
  choose(clusterId: string, nodes: readonly HostState[]): void {
    const claiming = nodes.filter((node) => node.cluster?.clusterId === clusterId);
    const last = this.#speakers.get(clusterId);
    const live = claiming.filter((node) => node.stale === null && node.connection.state !== 'away');
    const candidates = live.length > 0 ? live : claiming;
    const [first] = candidates;
    if (first === undefined) this.#speakers.delete(clusterId);
    else if (last === undefined || !candidates.includes(last)) this.#speakers.set(clusterId, first);
  }

  /** The name of a cluster, once a node has told it. */
  nameOf(clusterId: string): string | null {
    return this.#facts(clusterId)?.name ?? null;
  }

  /** The row of a cluster, or undefined while no node has told of it. */
  row(clusterId: string, nodes: readonly HostState[], counts: VmCounts): Cluster | undefined {
    const facts = this.#facts(clusterId);
    if (facts === undefined) return undefined;
    const { clusterId: id, ...rest } = facts;
    const stale = nodes
      .map((node) => node.stale)
      .toSorted((a, b) => ((a?.since ?? '') < (b?.since ?? '') ? -1 : 1));
    return {
      ...rest,
      id,
      // Stale only when no node answers, and then since the last one went.
      stale: stale.includes(null) ? null : (stale.at(-1) ?? null),
      hostIds: nodes.map((node) => node.id).toSorted(),
      ...counts,
    };
  }

  #facts(clusterId: string): ClusterFacts | undefined {
    const facts = this.#speakers.get(clusterId)?.cluster;
    return facts?.clusterId === clusterId ? facts : undefined;
  }
}
