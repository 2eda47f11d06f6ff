import { isSameHost } from '../common/host-name.ts';

/** A host that reports membership in a cluster. */
export interface Claimant {
  readonly id: string;
  /** The nodes of the cluster in this host's view; undefined until reported. */
  readonly nodes: readonly string[] | undefined;
}

/** The decision about all claims on one cluster. */
export interface Membership<C extends Claimant> {
  readonly members: ReadonlySet<C>;
  /**
   * True if the claim is confirmed by more than the members themselves: by the cluster's name, or by nodes that list
   * each other.
   */
  readonly backed: boolean;
  /**
   * Hosts whose claim the others do not confirm. A host that has not reported its view is neither refused nor a member.
   */
  readonly refused: ReadonlySet<C>;
}

/**
 * Decides which of the hosts that claim a cluster belong to it. A host cannot decide this alone once others contradict
 * it:
 *
 * 1. Hosts that list each other form a group. A host that has not reported its view joins those that list it.
 * 2. Of groups that contradict each other the winner is the one with a node that the cluster's name reported; failing
 * that, the one with several hosts that list each other; failing that, the one that another claimant lists.
 * 3. If several groups remain, none is accepted: a wrong host would be worse than a missing one.
 *
 * The decision depends only on the hosts' present reports and not on who came first, so the order of messages does not
 * matter.
 */
export function confirmMembers<C extends Claimant>(
  claimants: readonly C[],
  vouched: readonly string[],
): Membership<C> {
  const groups = groupByMutualNaming(claimants);
  const ranked = groups.map((group) => ({ group, rank: rankOf(group, claimants, vouched) }));
  const best = Math.max(...ranked.map(({ rank }) => rank));
  const strongest = ranked.filter(({ rank }) => rank === best);
  // Nodes reported by the cluster's name belong together, even while they do not see each other.
  const [winner] =
    best === ranks.vouched || strongest.length === 1 ? [strongest.flatMap(({ group }) => group)] : [];
  const members = new Set(winner ?? []);
  const refused = claimants.filter((claimant) => claimant.nodes !== undefined && !members.has(claimant));
  return { members, backed: winner !== undefined && best > ranks.alone, refused: new Set(refused) };
}

const ranks = { silent: 0, alone: 1, named: 2, agreed: 3, vouched: 4 } as const;

function rankOf(group: readonly Claimant[], all: readonly Claimant[], vouched: readonly string[]): number {
  if (group.some(({ id }) => vouched.some((node) => isSameHost(node, id)))) return ranks.vouched;
  if (group.filter(({ nodes }) => nodes !== undefined).length > 1) return ranks.agreed;
  if (group.some((one) => all.some((other) => other !== one && names(other, one)))) return ranks.named;
  return group.some(({ nodes }) => nodes !== undefined) ? ranks.alone : ranks.silent;
}

function groupByMutualNaming<C extends Claimant>(claimants: readonly C[]): C[][] {
  const left = new Set(claimants);
  const groups: C[][] = [];
  for (const first of claimants) {
    if (!left.delete(first)) continue;
    const group = [first];
    for (const one of group) {
      for (const other of left) {
        if (!standTogether(one, other)) continue;
        left.delete(other);
        group.push(other);
      }
    }
    groups.push(group);
  }
  return groups;
}

function standTogether(one: Claimant, other: Claimant): boolean {
  if (one.nodes === undefined) return names(other, one);
  if (other.nodes === undefined) return names(one, other);
  return names(one, other) && names(other, one);
}

function names({ nodes }: Claimant, { id }: Claimant): boolean {
  return nodes?.some((node) => isSameHost(node, id)) ?? false;
}
