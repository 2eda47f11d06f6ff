import {
  maxFactProblems,
  timestamp,
  type ClusterFacts,
  type Conflict,
  type FactProblem,
  type Host,
  type HostConnection,
  type HostFacts,
  type Staleness,
} from '@aether-v/types';
import { clockProblems } from './clock-problem.ts';
import type { HostEvent } from './host-event.ts';
import { hostInServiceTime } from './service-time.ts';

/** The known state of one configured host, without its VMs. */
export interface HostState {
  readonly address: string;
  /** The id that its agent reported; until then derived from the address. */
  id: string;
  name: string;
  connection: HostConnection;
  stale: Staleness | null;
  facts: HostFacts | null;
  /** The host's view of its cluster. */
  cluster: ClusterFacts | null;
  /** The nodes it last listed for that cluster; an empty list is ignored. */
  clusterNodes: readonly string[] | undefined;
  /** The cluster it belongs to, as confirmed by others (`confirmMembers`). */
  clusterId: string | null;
  /** True if other nodes or the cluster's name confirm the membership. */
  backed: boolean;
  /** Set if others contradict the cluster membership that the host reports. */
  membershipConflict: Conflict | null;
  /** Set if another address reports the same id. */
  identityConflict: Conflict | null;
  /** Unusable parts of the host. */
  problems: readonly FactProblem[];
  /** Offset of its clock in milliseconds, positive if ahead; null until measured. */
  clockOffsetMs: number | null;
  /** True if it has been read completely since the service started reading it. */
  synced: boolean;
  /** True if its agent reports changes by itself. */
  watching: boolean;
  /** True if its first full read is in progress: counts are updated at its end, not per VM. */
  reading: boolean;
  /** GUIDs of the VMs on the host. */
  readonly vms: Set<string>;
}

/** Returns the state of a host that has not reported anything. */
export function newHostState(
  address: string,
  { provisionalId, name }: Extract<HostEvent, { type: 'configured' }>,
  now: number,
): HostState {
  return {
    address,
    id: provisionalId,
    name,
    connection: { state: 'connecting', since: timestamp(now), error: null, watching: false },
    stale: null,
    facts: null,
    cluster: null,
    clusterNodes: undefined,
    clusterId: null,
    backed: false,
    membershipConflict: null,
    identityConflict: null,
    problems: [],
    clockOffsetMs: null,
    synced: false,
    watching: false,
    reading: false,
    vms: new Set(),
  };
}

/** Returns the cluster to which the host reports to belong. */
export function claimedClusterOf(host: HostState): string | null {
  return host.facts === null ? (host.cluster?.clusterId ?? null) : host.facts.clusterId;
}

/** The numbers of VMs and of running VMs. */
export interface VmCounts {
  readonly vmCount: number;
  readonly runningVmCount: number;
  readonly staleVmCount: number;
}

/** Returns the row of a host. */
export function hostRow(host: HostState, clusterName: string | null, counts: VmCounts): Host {
  return {
    id: host.id,
    name: host.name,
    address: host.address,
    clusterId: host.clusterId,
    clusterName,
    connection: host.connection,
    stale: host.stale,
    conflict: host.identityConflict ?? host.membershipConflict,
    problems: [...clockProblems(host.clockOffsetMs), ...host.problems].slice(0, maxFactProblems),
    clockOffsetMs: host.clockOffsetMs,
    facts: host.facts === null ? null : hostInServiceTime(host.facts, host.clockOffsetMs ?? 0),
    ...counts,
  };
}
