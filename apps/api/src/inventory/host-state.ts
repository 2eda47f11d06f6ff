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

/** What is known of one configured host, beside its VMs. */
export interface HostState {
  readonly address: string;
  /** What its agent reports; until then made from the address. */
  id: string;
  name: string;
  connection: HostConnection;
  stale: Staleness | null;
  facts: HostFacts | null;
  /** Its view of its cluster. */
  cluster: ClusterFacts | null;
  /** The nodes that it last named for that cluster; a view without any says nothing. */
  clusterNodes: readonly string[] | undefined;
  /** The cluster that it belongs to, as far as others confirm it (`confirmMembers`). */
  clusterId: string | null;
  /** Whether the other nodes or the cluster's name stand behind that. */
  backed: boolean;
  /** Others contradict the cluster that it claims. */
  membershipConflict: Conflict | null;
  /** Another address gives its id. */
  identityConflict: Conflict | null;
  /** What of it cannot be used. */
  problems: readonly FactProblem[];
  /** How far its clock is ahead, in milliseconds; null until measured. */
  clockOffsetMs: number | null;
  /** It has been read completely since the service knows it. */
  synced: boolean;
  /** Whether its agent reports changes by itself. */
  watching: boolean;
  /** Its first full read is under way: counts are told at its end, not VM by VM. */
  reading: boolean;
  /** GUIDs of the VMs it holds. */
  readonly vms: Set<string>;
}

/** A host that was never heard of. */
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

/** The cluster that the host says it belongs to. */
export function claimedClusterOf(host: HostState): string | null {
  return host.facts === null ? (host.cluster?.clusterId ?? null) : host.facts.clusterId;
}

/** How many VMs there are, and how many of them run. */
export interface VmCounts {
  readonly vmCount: number;
  readonly runningVmCount: number;
  readonly staleVmCount: number;
}

/** The row of a host. */
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
