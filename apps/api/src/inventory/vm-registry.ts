import {
  maxConflictHosts,
  maxTextLength,
  maxVmAddresses,
  type Conflict,
  type Staleness,
  type Vm,
  type VmFacts,
} from '@aether-v/types';
import { listHosts } from './cluster-claims.ts';
import type { HostState } from './host-state.ts';
import { vmInServiceTime } from './service-time.ts';
import { isReplica, nowhere, type Holding, type Placement } from './vm-holding.ts';
import { claims, place, type PlacedVm } from './vm-placement.ts';

/** The longest time of a clustered VM between two hosts, in milliseconds. */
export interface MoveLimits {
  /** If all nodes of its cluster report changes by themselves. */
  readonly watched: number;
  /** If one of them is polled. */
  readonly polled: number;
}

/** The registry's view of the fleet. */
export interface VmSurroundings {
  readonly host: (address: string) => HostState;
  readonly clusterName: (clusterId: string) => string | null;
  readonly hasNode: (clusterId: string, hostId: string) => boolean;
  readonly moveLimit: (clusterId: string) => number;
}

/** The change of one VM row. */
export interface VmTransition {
  readonly id: string;
  readonly before: Vm | undefined;
  readonly after: Vm | undefined;
}

interface Report {
  facts: VmFacts;
  stale: Staleness | null;
  claim: number | undefined;
  late: boolean;
}

interface GuidRecord {
  /** By the address of the reporting host. */
  readonly reports: Map<string, Report>;
  placement: Placement;
  rows: ReadonlyMap<string, Vm>;
  dueAt: number | undefined;
}

/** All reported VMs by GUID, and the rows derived from them. */
export class VmRegistry {
  readonly #around: VmSurroundings;
  readonly #records = new Map<string, GuidRecord>();
  /** GUIDs with a `dueAt`, which are between two hosts. Few at any time. */
  readonly #pending = new Set<string>();
  #claims = 0;

  constructor(around: VmSurroundings) {
    this.#around = around;
  }

  /** The earliest time at which a VM must be decided again if no event arrives before. */
  get dueAt(): number | undefined {
    const moments = [...this.#pending].map(
      (guid) => this.#records.get(guid)?.dueAt ?? Number.POSITIVE_INFINITY,
    );
    return moments.length === 0 ? undefined : Math.min(...moments);
  }

  /** Returns the GUIDs that must be decided again at this time. */
  due(now: number): string[] {
    return [...this.#pending].filter((guid) => (this.#records.get(guid)?.dueAt ?? 0) <= now);
  }

  /** Records a host's report of a VM. */
  hold(host: HostState, facts: VmFacts): void {
    const { reports } = this.#record(facts.vmId);
    const before = reports.get(host.address);
    const claim = claims(host.id, facts) ? (before?.claim ?? (this.#claims += 1)) : undefined;
    const isSame = before !== undefined && isReplica(before) === isReplica({ facts });
    reports.set(host.address, { facts, stale: null, claim, late: isSame ? before.late : host.synced });
  }

  /** Records that a host no longer has a VM. */
  release(host: HostState, guid: string): void {
    this.#records.get(guid)?.reports.delete(host.address);
  }

  /** Marks a host's reports as stale from now on. */
  markStale(host: HostState, stale: Staleness): void {
    for (const guid of host.vms) {
      const report = this.#records.get(guid)?.reports.get(host.address);
      if (report !== undefined) report.stale = stale;
    }
  }

  /** Marks a host's reports as current after a full read. @returns The GUIDs that were stale. */
  refresh(host: HostState): string[] {
    const refreshed: string[] = [];
    for (const guid of host.vms) {
      const report = this.#records.get(guid)?.reports.get(host.address);
      if (report === undefined || report.stale === null) continue;
      report.stale = null;
      refreshed.push(guid);
    }
    return refreshed;
  }

  /** Decides the locations of the VMs with this GUID. @returns The change of each of its rows. */
  decide(guid: string, now: number): VmTransition[] {
    const record = this.#records.get(guid);
    if (record === undefined) return [];
    const decision = place(this.#holdings(record), record.placement, { now, ...this.#around });
    const rows = new Map(decision.vms.map((placed) => [placed.id, this.#row(placed)] as const));
    const ids = new Set([...record.rows.keys(), ...rows.keys()]);
    const transitions = [...ids].map((id) => ({ id, before: record.rows.get(id), after: rows.get(id) }));
    record.placement = decision.placement;
    record.rows = rows;
    record.dueAt = decision.dueAt;
    if (decision.dueAt === undefined) this.#pending.delete(guid);
    else this.#pending.add(guid);
    if (record.reports.size === 0 && rows.size === 0) this.#records.delete(guid);
    return transitions;
  }

  #conflict(rivals: readonly Holding[]): Conflict | null {
    if (rivals.length === 0) return null;
    const hosts = rivals.map(({ address }) => this.#around.host(address));
    const message =
      `${listHosts(hosts)} also ${hosts.length === 1 ? 'has' : 'have'} a VM with this GUID. Actions are refused because they could reach the wrong VM. ` +
      'Give the copy a new GUID (import it as a copy), delete it, or remove its host from the configuration.';
    return {
      code: 'vm-id',
      message: message.slice(0, maxTextLength),
      hostIds: hosts.slice(0, maxConflictHosts).map(({ id }) => id),
    };
  }

  #record(guid: string): GuidRecord {
    const known = this.#records.get(guid);
    if (known !== undefined) return known;
    const record: GuidRecord = { reports: new Map(), placement: nowhere, rows: new Map(), dueAt: undefined };
    this.#records.set(guid, record);
    return record;
  }

  #holdings(record: GuidRecord): Holding[] {
    return [...record.reports].map(([address, report]) => {
      const host = this.#around.host(address);
      const { id: hostId, clusterId, backed, cluster, clusterNodes: nodes } = host;
      const view = cluster === null || nodes === undefined ? null : { clusterId: cluster.clusterId, nodes };
      return { ...report, address, hostId, clusterId, backed, view };
    });
  }

  #row({ id, holding, moving, rivals }: PlacedVm): Vm {
    const host = this.#around.host(holding.address);
    const { clusterId } = host;
    const claimed = holding.facts.clusterRole === null ? null : host.membershipConflict;
    return {
      ...vmInServiceTime(holding.facts, host.clockOffsetMs ?? 0),
      id,
      hostId: host.id,
      hostName: host.name,
      clusterId,
      clusterName: clusterId === null ? null : this.#around.clusterName(clusterId),
      moving,
      stale: holding.stale,
      addresses: holding.facts.networkAdapters.flatMap(({ addresses }) => addresses).slice(0, maxVmAddresses),
      conflict: host.identityConflict ?? claimed ?? this.#conflict(rivals),
    };
  }
}
