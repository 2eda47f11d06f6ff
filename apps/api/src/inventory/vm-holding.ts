import type { Staleness, VmFacts } from '@aether-v/types';

/** The nodes of a cluster, as listed by one of them. */
interface ClusterView {
  readonly clusterId: string;
  readonly nodes: readonly string[];
}

/** One host's latest report of a VM with this GUID. */
export interface Holding {
  readonly address: string;
  readonly hostId: string;
  /** The cluster of the host, as confirmed by others. */
  readonly clusterId: string | null;
  /** True if other nodes or the cluster's name confirm the membership. */
  readonly backed: boolean;
  /** The host's last view of its cluster, even if it no longer belongs to one. */
  readonly view: ClusterView | null;
  readonly facts: VmFacts;
  readonly stale: Staleness | null;
  /**
   * A number that is higher the later the host started to report ownership of the clustered role; undefined while it
   * does not.
   */
  readonly claim: number | undefined;
  /** True if the host had been read without this VM before it reported it. */
  readonly late: boolean;
}

/** One of the VMs that share a GUID, between two decisions. */
export interface Group {
  /** The holding that owned it at the last decision. */
  readonly holding: Holding;
  /** The time since when its location is unclear: on two hosts, or on none. */
  readonly unsettledSince: number | undefined;
  /** True if no host has it: it left one and has not arrived at another. */
  readonly gone: boolean;
}

/** State of a GUID between two decisions. */
export interface Placement {
  readonly groups: ReadonlyMap<string, Group>;
  /** The group whose row has the plain GUID as its id. */
  readonly mainKey: string | undefined;
}

/** The placement of an unknown GUID. */
export const nowhere: Placement = { groups: new Map(), mainKey: undefined };

/** Returns whether a holding is the replica of a VM elsewhere. */
export function isReplica({ facts }: Pick<Holding, 'facts'>): boolean {
  return facts.replication === 'Replica' || facts.replication === 'ExtendedReplica';
}
