import type { Staleness, VmFacts } from '@aether-v/types';

/** The nodes of a cluster, as one of them named them. */
interface ClusterView {
  readonly clusterId: string;
  readonly nodes: readonly string[];
}

/** One host that has a VM of this GUID, as it last reported it. */
export interface Holding {
  readonly address: string;
  readonly hostId: string;
  /** The cluster that the host belongs to, confirmed by others. */
  readonly clusterId: string | null;
  /** Whether other nodes or the cluster's name stand behind that. */
  readonly backed: boolean;
  /** The cluster as the host last saw it, also when it belongs to none any more. */
  readonly view: ClusterView | null;
  readonly facts: VmFacts;
  readonly stale: Staleness | null;
  /** The higher, the later it began to say that it owns the clustered role; undefined while it does not say so. */
  readonly claim: number | undefined;
  /** The host had been read without this VM before it reported it. */
  readonly late: boolean;
}

/** One VM out of all that share a GUID, between two decisions. */
export interface Group {
  /** Who had it when it was last decided. */
  readonly holding: Holding;
  /** Since when it is not clear where it is: on two hosts, or on none. */
  readonly unsettledSince: number | undefined;
  /** No host has it: it left one and is not at another one yet. */
  readonly gone: boolean;
}

/** What is remembered of a GUID between two decisions. */
export interface Placement {
  readonly groups: ReadonlyMap<string, Group>;
  /** The group whose row has the plain GUID as its id. */
  readonly mainKey: string | undefined;
}

/** No VM of this GUID was known. */
export const nowhere: Placement = { groups: new Map(), mainKey: undefined };

/** Whether a holding is the replica of a VM elsewhere. */
export function isReplica({ facts }: Pick<Holding, 'facts'>): boolean {
  return facts.replication === 'Replica' || facts.replication === 'ExtendedReplica';
}
