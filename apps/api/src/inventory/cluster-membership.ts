import { isSameHost } from '../common/host-name.ts';

/** A host that says of itself that it belongs to a cluster. */
export interface Claimant {
  readonly id: string;
  /** The nodes of the cluster as this host sees them; undefined while it has not told. */
  readonly nodes: readonly string[] | undefined;
}

/** What became of the claims on one cluster. */
export interface Membership<C extends Claimant> {
  readonly members: ReadonlySet<C>;
  /** Whether more than the members' own words stands behind them: the cluster's name, or nodes that name each other. */
  readonly backed: boolean;
  /** Hosts whose claim the others do not confirm. One that has not told its view yet is neither here nor a member. */
  readonly refused: ReadonlySet<C>;
}

/**
 * Decides which of the hosts that claim a cluster belong to it. No host can say so alone once others contradict it:
 *
 * 1. Hosts that name each other stand together. A host that has not told its view yet stands with those that name it.
 * 2. Where groups contradict each other, the one that holds a node which the cluster's name named wins; without such, the one of
 *    several hosts that name each other; without such, the one that another claimant names.
 * 3. Where that leaves more than one, none is believed: a wrong host would be worse than none.
 *
 * It looks at what hosts say now and never at who came first, so the order of messages does not matter.
 */
export function confirmMembers<C extends Claimant>(
  claimants: readonly C[],
  vouched: readonly string[],
): Membership<C> {
  const groups = groupByMutualNaming(claimants);
  const ranked = groups.map((group) => ({ group, rank: rankOf(group, claimants, vouched) }));
  const best = Math.max(...ranked.map(({ rank }) => rank));
  const strongest = ranked.filter(({ rank }) => rank === best);
  // Nodes that the cluster's name named belong together, also while they do not see each other.
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
