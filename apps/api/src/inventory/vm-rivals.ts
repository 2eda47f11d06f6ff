import { isSameHost } from '../common/host-name.ts';
import { isReplica, type Group, type Holding, type Placement } from './vm-holding.ts';

/** The group that has the plain GUID as its id, and the groups without a better right to it than others. */
export interface Rivalry {
  readonly mainKey: string | undefined;
  readonly contested: ReadonlySet<string>;
}

/**
 * Decides between non-replica VMs that share a GUID. The first of these rules that applies makes one VM undisputed and
 * the others contested:
 *
 * 1. It is a clustered role that failed over: its node owns it, and all others are on unreachable hosts that listed the
 * node as part of their cluster.
 * 2. It had the GUID before all others appeared with it, on hosts that had been read without it.
 * 3. It is a clustered role of a cluster confirmed by others, and the only one.
 *
 * Otherwise all are contested, for example if all were found in the first read of their hosts after a start of the
 * service.
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

/** Returns the holdings of the GUID in other groups. */
export function rivalsOf(key: string, groups: ReadonlyMap<string, Group>): Holding[] {
  return [...groups]
    .filter(([other, { holding }]) => other !== key && !isReplica(holding))
    .map(([, { holding }]) => holding);
}

/**
 * Returns whether a holding is a clustered role on its owner node, and all others are old reports of hosts that listed
 * this node themselves. A host that never shared a cluster with them cannot take over a VM because its host is
 * unreachable.
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
