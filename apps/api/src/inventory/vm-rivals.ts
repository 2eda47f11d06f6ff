import { isSameHost } from '../common/host-name.ts';
import { isReplica, type Group, type Holding, type Placement } from './vm-holding.ts';

/** Who has the plain GUID as its id, and which groups have no better right to it than another. */
export interface Rivalry {
  readonly mainKey: string | undefined;
  readonly contested: ReadonlySet<string>;
}

/**
 * Decides between VMs that share a GUID and are no replicas. In this order the one is undisputed, and the others are contested, that
 *
 * 1. is a clustered role that failed over: its node owns it, and all others are on unreachable hosts that named it as a node of their cluster;
 * 2. had the GUID before all others came with it, whose hosts had been read without it;
 * 3. is a clustered role of a cluster that others stand behind, if it is the only one.
 *
 * Otherwise (all were found when their hosts were first read, as after a start of the service) all are contested.
 */
export function settleRivals(groups: ReadonlyMap<string, Group>, before: Placement): Rivalry {
  const eligible = [...groups].filter(([, group]) => !isReplica(group.holding));
  const previous = previousOf(eligible, before);
  if (eligible.length < 2) return { mainKey: eligible[0]?.[0], contested: new Set() };
  const othersOf = (key: string): [string, Group][] => eligible.filter(([other]) => other !== key);
  const contestedBy = (key: string): ReadonlySet<string> => new Set(othersOf(key).map(([other]) => other));
  const failedOver = eligible.find(([key, { holding }]) => isFailedOver(holding, holdingsOf(othersOf(key))));
  if (failedOver !== undefined) return { mainKey: failedOver[0], contested: contestedBy(failedOver[0]) };
  if (previous !== undefined && othersOf(previous).every(([, { holding }]) => holding.late)) {
    return { mainKey: previous, contested: contestedBy(previous) };
  }
  const [backed, ...more] = eligible.filter(
    ([, { holding }]) => holding.backed && holding.facts.clusterRole !== null,
  );
  if (backed !== undefined && more.length === 0) {
    return { mainKey: backed[0], contested: contestedBy(backed[0]) };
  }
  const [lowest] = eligible.toSorted(([, a], [, b]) => (a.holding.hostId < b.holding.hostId ? -1 : 1));
  return { mainKey: previous ?? lowest?.[0], contested: new Set(eligible.map(([key]) => key)) };
}

/** Where else the GUID of a group is. */
export function rivalsOf(key: string, groups: ReadonlyMap<string, Group>): Holding[] {
  return [...groups]
    .filter(([other, { holding }]) => other !== key && !isReplica(holding))
    .map(([, { holding }]) => holding);
}

/**
 * Whether a holding is a clustered role on the node that owns it, and all others are old reports of hosts that named this node
 * themselves. A host that was never in one cluster with them cannot take over a VM because its host is unreachable.
 */
function isFailedOver({ hostId, clusterId, stale, claim }: Holding, others: readonly Holding[]): boolean {
  if (stale !== null || claim === undefined || clusterId === null) return false;
  return others.every(
    (other) =>
      other.stale !== null &&
      other.view?.clusterId === clusterId &&
      other.view.nodes.some((node) => isSameHost(node, hostId)),
  );
}

function holdingsOf(groups: readonly [string, Group][]): Holding[] {
  return groups.map(([, { holding }]) => holding);
}

function previousOf(eligible: readonly [string, Group][], before: Placement): string | undefined {
  const previous = before.mainKey === undefined ? undefined : before.groups.get(before.mainKey);
  const sameKey = eligible.find(([key]) => key === before.mainKey);
  const sameHost = eligible.find(([, group]) => group.holding.address === previous?.holding.address);
  return (sameKey ?? sameHost)?.[0];
}
