import { maxConflictHosts, maxTextLength, type Conflict } from '@aether-v/types';
import { isDeepStrictEqual } from 'node:util';
import { confirmMembers } from './cluster-membership.ts';
import { claimedClusterOf, type HostState } from './host-state.ts';

/** Decides each host's claim to belong to a cluster, and records the result on the host. */
export class ClusterClaims {
  /** The nodes of a cluster by its id, as reported through its configured name. */
  readonly #vouched = new Map<string, readonly string[]>();

  /** Records the nodes that a cluster's name, or the nodes it led to, reported. */
  vouch(clusterId: string, nodes: readonly string[]): void {
    this.#vouched.set(clusterId, nodes);
  }

  /**
   * Decides the claims on a cluster again. An unreachable host keeps its membership, since its own report is old.
   *
   * @returns The hosts whose membership changed.
   */
  decide(clusterId: string, hosts: Iterable<HostState>): HostState[] {
    const claimants = [...hosts]
      .filter((host) => claimedClusterOf(host) === clusterId)
      .map((host) => ({ host, id: host.id, nodes: viewOf(host, clusterId) }));
    const { members, backed, refused } = confirmMembers(claimants, this.#vouched.get(clusterId) ?? []);
    const believed = [...members].map(({ host }) => host);
    const others = [...refused].map(({ host }) => host);
    return claimants
      .filter(({ host }) => host.stale === null)
      .filter((claimant) =>
        settle(claimant.host, {
          clusterId: members.has(claimant) ? clusterId : null,
          backed: backed && members.has(claimant),
          membershipConflict: refused.has(claimant)
            ? conflictOf(claimant.host, clusterId, believed, others)
            : null,
        }),
      )
      .map(({ host }) => host);
  }
}

/** Removes a host that no longer claims a cluster. @returns Whether this changed anything. */
export function leaveCluster(host: HostState): boolean {
  return settle(host, { clusterId: null, backed: false, membershipConflict: null });
}

/** Lists host names in a sentence, up to the number that a conflict shows. */
export function listHosts(hosts: readonly { readonly name: string }[]): string {
  const names = hosts.slice(0, maxConflictHosts).map(({ name }) => name.slice(0, 64));
  return names.join(', ') + (hosts.length > maxConflictHosts ? ' and others' : '');
}

function viewOf({ cluster, clusterNodes }: HostState, clusterId: string): readonly string[] | undefined {
  return cluster?.clusterId === clusterId ? clusterNodes : undefined;
}

type Standing = Pick<HostState, 'clusterId' | 'backed' | 'membershipConflict'>;

function settle(host: HostState, standing: Standing): boolean {
  const { clusterId, backed, membershipConflict } = host;
  if (isDeepStrictEqual({ clusterId, backed, membershipConflict }, standing)) return false;
  Object.assign(host, standing);
  return true;
}

function conflictOf(
  host: HostState,
  clusterId: string,
  members: readonly HostState[],
  refused: readonly HostState[],
): Conflict {
  const name = (host.cluster?.name ?? clusterId).slice(0, 64);
  const others = members.length > 0 ? members : refused.filter((other) => other !== host);
  const what =
    members.length > 0
      ? `The host reports that it is a node of the cluster ${name}, but the cluster’s other nodes (${listHosts(others)}) do not list it.`
      : `The host and ${listHosts(others)} report that they are nodes of the cluster ${name}, but do not list each other.`;
  const todo =
    members.length > 0
      ? 'Remove the host from the configuration, or check the nodes of the cluster.'
      : 'Add the name of the cluster (cluster:) to the configuration, or remove the host that does not belong to it.';
  return {
    code: 'cluster-membership',
    message: `${what} Its data about the cluster is ignored. ${todo}`.slice(0, maxTextLength),
    hostIds: others.slice(0, maxConflictHosts).map(({ id }) => id),
  };
}
