import type { Cluster, ClusterFacts } from '@aether-v/types';
import type { HostState, VmCounts } from './host-state.ts';

/**
 * Selects the confirmed node whose report represents each cluster: one whose view most nodes share, so that a single
 * node cannot determine the node list. Nodes see changes at slightly different moments, so among equal views the
 * previous reporter is kept; otherwise the row would alternate between them.
 */
export class ClusterReports {
  readonly #speakers = new Map<string, HostState>();

  /** Selects the reporter of a cluster from its confirmed nodes in the fleet. */
  choose(clusterId: string, nodes: readonly HostState[]): void {
    const claiming = nodes.flatMap((host) =>
      host.cluster?.clusterId === clusterId ? [{ host, view: viewOf(host.cluster) }] : [],
    );
    const last = this.#speakers.get(clusterId);
    const live = claiming.filter(
      ({ host }) => host.stale === null && host.connection.state !== 'unreachable',
    );
    const candidates = live.length > 0 ? live : claiming;
    const support = ({ nodeIds, text }: View): number =>
      nodeIds.size === 0 ? 0 : candidates.filter(({ view }) => view.text === text).length;
    const named = ({ nodeIds }: View): number => candidates.filter(({ host }) => nodeIds.has(host.id)).length;
    const [first] = candidates.toSorted(
      (a, b) =>
        support(b.view) - support(a.view) ||
        named(b.view) - named(a.view) ||
        Number(b.host === last) - Number(a.host === last),
    );
    if (first === undefined) this.#speakers.delete(clusterId);
    else this.#speakers.set(clusterId, first.host);
  }

  /** Returns the name of a cluster, once a node has reported it. */
  nameOf(clusterId: string): string | null {
    return this.#facts(clusterId)?.name ?? null;
  }

  /** Returns the row of a cluster, or undefined until a node has reported it. */
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
      // Stale only if all nodes are unreachable, since the last one became so.
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

/** The part of a node's cluster report on which all nodes must agree. */
interface View {
  readonly nodeIds: ReadonlySet<string>;
  /** Identical for all views that agree. */
  readonly text: string;
}

// Facts are replaced, never changed, so cached views stay valid.
const views = new WeakMap<ClusterFacts, View>();

function viewOf(facts: ClusterFacts): View {
  const known = views.get(facts);
  if (known !== undefined) return known;
  const nodeIds = new Set(facts.nodes.map(({ hostId }) => hostId));
  const volumes = facts.sharedVolumes.map(({ path }) => path);
  const view = { nodeIds, text: JSON.stringify([facts.name, [...nodeIds].toSorted(), volumes.toSorted()]) };
  views.set(facts, view);
  return view;
}
