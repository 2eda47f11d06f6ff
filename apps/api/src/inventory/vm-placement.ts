import type { VmFacts } from '@aether-v/types';
import { isSameHost } from '../common/host-name.ts';
import { isReplica, type Group, type Holding, type Placement } from './vm-holding.ts';
import { rivalsOf, settleRivals } from './vm-rivals.ts';

/** One row that a GUID gives. */
export interface PlacedVm {
  readonly id: string;
  readonly holding: Holding;
  readonly moving: boolean;
  /** Where the GUID is as well, if it cannot be said that this row has a right to it. */
  readonly rivals: readonly Holding[];
}

/** What was decided, and when it has to be decided again though nothing happens. */
export interface Decision {
  readonly placement: Placement;
  readonly vms: readonly PlacedVm[];
  readonly dueAt: number | undefined;
}

/** What a decision looks at beside the holdings. */
export interface PlacementContext {
  readonly now: number;
  /** How long a VM of this cluster may be between hosts, in milliseconds; 0 where there is nowhere to go. */
  readonly moveLimit: (clusterId: string) => number;
  /** Whether a host of this id is a confirmed node of the cluster. */
  readonly hasNode: (clusterId: string, hostId: string) => boolean;
}

/** Whether a host says of itself that it owns the clustered role of the VM. */
export function claims(hostId: string, facts: VmFacts): boolean {
  return facts.clusterRole !== null && isSameHost(facts.clusterRole.ownerNode, hostId);
}

/**
 * Decides which VMs a GUID stands for and where each one is. Holdings in one cluster are one VM as soon as one of them is
 * clustered; holdings elsewhere are separate VMs, and replicas always. One that is no replica has the plain GUID as its id, and
 * keeps it for as long as it is there: no action may hit another VM because a copy turned up (`settleRivals`).
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
  /** Others that stayed for longer than a move takes: copies after all. */
  readonly copies: readonly Holding[];
  readonly dueAt: number | undefined;
}

function settle(members: readonly Holding[], before: Group | undefined, context: PlacementContext): Settled {
  // A node that is away shows what it had when it went: whoever answers knows better.
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

/** The clustered role already belongs to another node of the cluster, which has not shown it yet. */
function pointsElsewhere({ facts, hostId, clusterId }: Holding, { hasNode }: PlacementContext): boolean {
  const owner = facts.clusterRole?.ownerNode;
  if (owner === undefined || clusterId === null || isSameHost(owner, hostId)) return false;
  return hasNode(clusterId, owner);
}

/**
 * Who has the VM out of several nodes: who says so last, where that began last (a source that repeats itself does not
 * take the VM back); then whom another one names; then who had it.
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

/** A clustered VM that left one host and is not at another one yet is kept for as long as a move may take. */
function linger(
  group: Group,
  holdings: readonly Holding[],
  context: PlacementContext,
): { readonly group: Group; readonly dueAt: number } | undefined {
  const { holding } = group;
  if (holding.facts.clusterRole === null || holding.clusterId === null) return undefined;
  // A host that has nothing to do with the cluster cannot end the move by claiming the VM.
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
