import type { VmFacts } from '@aether-v/types';
import { isSameHost } from '../common/host-name.ts';
import { isReplica, type Group, type Holding, type Placement } from './vm-holding.ts';
import { rivalsOf, settleRivals } from './vm-rivals.ts';

/** One row derived from a GUID. */
export interface PlacedVm {
  readonly id: string;
  readonly holding: Holding;
  readonly moving: boolean;
  /** Other holdings of the GUID, if this row cannot be shown to have a better right to it. */
  readonly rivals: readonly Holding[];
}

/** The decision, and the time at which it must be repeated if no event arrives before. */
export interface Decision {
  readonly placement: Placement;
  readonly vms: readonly PlacedVm[];
  readonly dueAt: number | undefined;
}

/** Inputs of a decision in addition to the holdings. */
export interface PlacementContext {
  readonly now: number;
  /** Returns how long a VM of this cluster may be between hosts, in milliseconds; 0 if it has nowhere to go. */
  readonly moveLimit: (clusterId: string) => number;
  /** Returns whether the host is a confirmed node of the cluster. */
  readonly hasNode: (clusterId: string, hostId: string) => boolean;
}

/** Returns whether a host reports that it owns the VM's clustered role. */
export function claims(hostId: string, facts: VmFacts): boolean {
  return facts.clusterRole !== null && isSameHost(facts.clusterRole.ownerNode, hostId);
}

/**
 * Decides which VMs a GUID stands for and where each one is. Holdings in one cluster are one VM as soon as one of them
 * is clustered; holdings elsewhere are separate VMs, and replicas always are. The first non-replica has the plain GUID
 * as its id and keeps it while it exists, so that an action never reaches another VM because a copy appeared
 * (`settleRivals`).
 */
export function place(holdings: readonly Holding[], before: Placement, context: PlacementContext): Decision {
  const groups = new Map<string, Group>();
  const extra: Holding[] = [];
  let dueAt: number | undefined;
  for (const [key, members] of groupByVm(holdings, before)) {
    const settled = settle(members, before.groups.get(key), context);
    groups.set(key, settled.group);
    extra.push(...settled.copies);
    dueAt = earlier(dueAt, settled.dueAt);
  }
  for (const [key, group] of before.groups) {
    if (groups.has(key)) continue;
    const lingering = linger(group, holdings, context);
    if (lingering === undefined) continue;
    groups.set(key, lingering.group);
    dueAt = earlier(dueAt, lingering.dueAt);
  }
  const { mainKey, contested } = settleRivals(groups, before);
  const vms = [...groups].map(([key, group]): PlacedVm => ({
    id: key === mainKey ? group.holding.facts.vmId : copyId(group.holding),
    holding: group.holding,
    moving: isMoving(group, context),
    rivals: contested.has(key) ? rivalsOf(key, groups) : [],
  }));
  for (const holding of extra) vms.push({ id: copyId(holding), holding, moving: false, rivals: [] });
  return { placement: { groups, mainKey }, vms, dueAt };
}

function copyId(holding: Holding): string {
  return `${holding.facts.vmId}@${holding.hostId}`;
}

function groupByVm(holdings: readonly Holding[], before: Placement): Map<string, Holding[]> {
  const clusteredKeys = new Set(before.groups.keys());
  for (const holding of holdings) {
    if (holding.facts.clusterRole !== null && holding.clusterId !== null)
      clusteredKeys.add(clusterKey(holding));
  }
  const groups = new Map<string, Holding[]>();
  for (const holding of holdings) {
    const inCluster = holding.clusterId !== null && clusteredKeys.has(clusterKey(holding));
    const key = inCluster ? clusterKey(holding) : hostKey(holding);
    const members = groups.get(key);
    if (members === undefined) groups.set(key, [holding]);
    else members.push(holding);
  }
  return groups;
}

function clusterKey(holding: Holding): string {
  return `cluster ${String(holding.clusterId)}${isReplica(holding) ? ' replica' : ''}`;
}

function hostKey(holding: Holding): string {
  return `host ${holding.address}${isReplica(holding) ? ' replica' : ''}`;
}

interface Settled {
  readonly group: Group;
  /** Other holdings that outlasted the time of a move, and are therefore copies. */
  readonly copies: readonly Holding[];
  readonly dueAt: number | undefined;
}

function settle(members: readonly Holding[], before: Group | undefined, context: PlacementContext): Settled {
  // An unreachable node shows its last state; reachable ones are more accurate.
  const live = members.filter((member) => member.stale === null);
  const candidates = live.length > 0 ? live : members;
  const holding = chooseOwner(candidates, before);
  if (candidates.length === 1 && !pointsElsewhere(holding, context)) {
    return { group: { holding, unsettledSince: undefined, gone: false }, copies: [], dueAt: undefined };
  }
  const unsettledSince = before?.unsettledSince ?? context.now;
  const group = { holding, unsettledSince, gone: false };
  const dueAt = unsettledSince + limitOf(holding, context);
  if (context.now < dueAt) return { group, copies: [], dueAt };
  return { group, copies: candidates.filter((candidate) => candidate !== holding), dueAt: undefined };
}

/**
 * Returns whether the clustered role already belongs to another node of the cluster that has not reported the VM yet.
 */
function pointsElsewhere({ facts, hostId, clusterId }: Holding, { hasNode }: PlacementContext): boolean {
  const owner = facts.clusterRole?.ownerNode;
  if (owner === undefined || clusterId === null || isSameHost(owner, hostId)) return false;
  return hasNode(clusterId, owner);
}

/**
 * Selects the owner among several nodes: the latest to start reporting ownership (repeated reports of the source do not
 * take the VM back), then the one that another node names, then the previous owner.
 */
function chooseOwner(candidates: readonly Holding[], before: Group | undefined): Holding {
  const named = (one: Holding): boolean =>
    candidates.some(
      ({ facts }) => facts.clusterRole !== null && isSameHost(facts.clusterRole.ownerNode, one.hostId),
    );
  const had = (one: Holding): boolean => one.address === before?.holding.address;
  const [owner] = candidates.toSorted(
    (a, b) =>
      (b.claim ?? 0) - (a.claim ?? 0) ||
      Number(named(b)) - Number(named(a)) ||
      Number(had(b)) - Number(had(a)) ||
      (a.hostId < b.hostId ? -1 : 1),
  );
  if (owner === undefined) throw new RangeError('a VM without a holder');
  return owner;
}

/** Keeps a clustered VM that left one host and has not arrived at another, as long as a move may take. */
function linger(
  group: Group,
  holdings: readonly Holding[],
  context: PlacementContext,
): { readonly group: Group; readonly dueAt: number } | undefined {
  const { holding } = group;
  if (holding.facts.clusterRole === null || holding.clusterId === null) return undefined;
  // A host outside the cluster cannot end the move by reporting the VM.
  const elsewhere = holdings.some(
    (other) =>
      isReplica(other) === isReplica(holding) &&
      (other.clusterId === holding.clusterId || other.address === holding.address),
  );
  if (elsewhere) return undefined;
  const unsettledSince = (group.gone ? group.unsettledSince : undefined) ?? context.now;
  const dueAt = unsettledSince + limitOf(holding, context);
  return context.now < dueAt ? { group: { holding, unsettledSince, gone: true }, dueAt } : undefined;
}

function limitOf({ clusterId }: Holding, { moveLimit }: PlacementContext): number {
  return clusterId === null ? 0 : moveLimit(clusterId);
}

function isMoving({ holding, unsettledSince }: Group, context: PlacementContext): boolean {
  return unsettledSince !== undefined && context.now < unsettledSince + limitOf(holding, context);
}

function earlier(one: number | undefined, other: number | undefined): number | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return Math.min(one, other);
}
