import { maxTextLength, timestamp } from '@aether-v/types';
import type { Cluster, Host, HostConnection, Vm } from '@aether-v/types';
import { isSameHost } from '../common/host-name.ts';
import { ClusterClaims, leaveCluster } from './cluster-claims.ts';
import { ClusterReports } from './cluster-reports.ts';
import { Dirty } from './dirty.ts';
import type { FleetUpdate } from './fleet-update.ts';
import type { HostEvent, InventoryFact } from './host-event.ts';
import { claimedClusterOf, hostRow, newHostState, type HostState } from './host-state.ts';
import { VmCounter } from './vm-counter.ts';
import { VmRegistry, type MoveLimits } from './vm-registry.ts';

/**
 * Reduces the hosts' reports to the rows of the fleet. Deterministic, without I/O, clock or randomness: the same events
 * with the same times give the same rows. Decides which host owns a VM, which rows are stale, and the counts. No other
 * code creates cluster, host and VM rows.
 */
export class FleetReducer {
  readonly #moveLimits: MoveLimits;
  readonly #hosts = new Map<string, HostState>();
  /** Removed hosts, kept as long as VMs may be moving away from them. */
  readonly #departed = new Map<string, HostState>();
  readonly #hostIds = new Map<string, string>();
  readonly #claims = new ClusterClaims();
  readonly #clusters = new ClusterReports();
  readonly #vmsOfHost = new VmCounter((vm) => vm.hostId);
  readonly #vmsOfCluster = new VmCounter((vm) => vm.clusterId);
  readonly #vms: VmRegistry;
  readonly #clusterIds = new Set<string>();

  constructor(moveLimits: MoveLimits) {
    this.#moveLimits = moveLimits;
    this.#vms = new VmRegistry({
      host: (address) => this.#departed.get(address) ?? this.#host(address),
      clusterName: (id) => this.#clusters.nameOf(id),
      hasNode: (clusterId, id) => this.#nodes(clusterId).some((node) => isSameHost(node.id, id)),
      moveLimit: (id) => this.#moveLimit(id),
    });
  }

  /** The time at which `expire` must be called if no event arrives before. */
  get dueAt(): number | undefined {
    return this.#vms.dueAt;
  }

  /** Applies one event of the host at an address. */
  apply(address: string, event: HostEvent, now: number): FleetUpdate {
    const dirty = new Dirty();
    if (event.type === 'configured') {
      this.#departed.delete(address);
      this.#hosts.set(address, newHostState(address, event, now));
      dirty.hosts.add(address);
    } else if (event.type === 'identified') this.#identified(this.#host(address), event, dirty);
    else if (event.type === 'removed') this.#removed(this.#host(address), dirty);
    else if (event.type === 'unreachable') this.#unreachable(this.#host(address), event, now, dirty);
    else if (event.type === 'flawed') this.#flawed(this.#host(address), event, dirty);
    else if (event.type === 'clock') this.#clock(this.#host(address), event, dirty);
    else if (event.type === 'disputed') this.#disputed(this.#host(address), event, dirty);
    else this.#fact(this.#host(address), event.fact, now, dirty);
    return this.#project(dirty, now);
  }

  /** Records the nodes that a cluster's name reported. */
  vouch(clusterId: string, nodes: readonly string[], now: number): FleetUpdate {
    const dirty = new Dirty();
    this.#claims.vouch(clusterId, nodes);
    this.#decideClaims(clusterId, dirty);
    return this.#project(dirty, now);
  }

  /** Ends moves whose time limit has passed. */
  expire(now: number): FleetUpdate {
    const dirty = new Dirty();
    for (const guid of this.#vms.due(now)) dirty.guids.add(guid);
    const update = this.#project(dirty, now);
    if (this.#vms.dueAt === undefined) this.#departed.clear();
    return update;
  }

  #identified(
    host: HostState,
    { hostId, name, watching }: Extract<HostEvent, { type: 'identified' }>,
    dirty: Dirty,
  ): void {
    host.watching = watching;
    host.reading = true;
    if (host.id !== hostId) {
      dirty.goneHosts.add(host.id);
      if (this.#hostIds.get(host.id) === host.address) this.#hostIds.delete(host.id);
      host.id = hostId;
      dirty.everythingOf(host);
      this.#decideClaims(claimedClusterOf(host), dirty);
    }
    this.#hostIds.set(hostId, host.address);
    if (host.facts === null) host.name = name;
    dirty.host(host);
  }

  #removed(host: HostState, dirty: Dirty): void {
    const { clusterId } = host;
    for (const guid of host.vms) this.#release(host, guid, dirty);
    this.#hosts.delete(host.address);
    if (this.#hostIds.get(host.id) === host.address) this.#hostIds.delete(host.id);
    this.#departed.set(host.address, host);
    dirty.goneHosts.add(host.id);
    if (clusterId !== null) dirty.clusters.add(clusterId);
    this.#decideClaims(claimedClusterOf(host), dirty);
  }

  #flawed(host: HostState, { problems }: Extract<HostEvent, { type: 'flawed' }>, dirty: Dirty): void {
    host.problems = problems;
    dirty.host(host);
  }

  #clock(host: HostState, { offsetMs }: Extract<HostEvent, { type: 'clock' }>, dirty: Dirty): void {
    const before = host.clockOffsetMs ?? 0;
    host.clockOffsetMs = offsetMs;
    if (offsetMs === before) dirty.host(host);
    else dirty.everythingOf(host);
  }

  #disputed(host: HostState, { conflict }: Extract<HostEvent, { type: 'disputed' }>, dirty: Dirty): void {
    host.identityConflict = conflict;
    dirty.everythingOf(host);
  }

  #unreachable(
    host: HostState,
    { error }: Extract<HostEvent, { type: 'unreachable' }>,
    now: number,
    dirty: Dirty,
  ): void {
    const { state, since } = host.connection;
    const unreachable: HostConnection = {
      state: 'unreachable',
      since: state === 'unreachable' ? since : timestamp(now),
      error: { code: error.code, message: error.message.slice(0, maxTextLength), remedy: error.remedy },
      watching: false,
    };
    host.connection = unreachable;
    host.reading = false;
    dirty.host(host);
    if (host.facts === null) return;
    // The first reason is kept: later attempts fail differently without making the rows older.
    host.stale ??= {
      since: unreachable.since,
      code: error.code,
      message: error.message.slice(0, maxTextLength),
    };
    this.#vms.markStale(host, host.stale);
    dirty.everythingOf(host);
  }

  #fact(host: HostState, fact: InventoryFact, now: number, dirty: Dirty): void {
    switch (fact.kind) {
      case 'host':
        this.#hostFact(host, fact, dirty);
        return;
      case 'cluster':
        this.#clusterFact(host, fact, dirty);
        return;
      case 'vm':
        host.vms.add(fact.vm.vmId);
        this.#vms.hold(host, fact.vm);
        dirty.guids.add(fact.vm.vmId);
        return;
      case 'vm-removed':
        this.#release(host, fact.vmId, dirty);
        return;
      case 'synced':
        this.#synced(host, new Set(fact.vmIds), now, dirty);
    }
  }

  #hostFact(host: HostState, { host: facts }: Extract<InventoryFact, { kind: 'host' }>, dirty: Dirty): void {
    const claimedBefore = claimedClusterOf(host);
    const renamed = host.name !== facts.name;
    host.facts = facts;
    host.name = facts.name;
    host.stale = null;
    dirty.host(host);
    if (renamed) dirty.everythingOf(host);
    if (claimedBefore === facts.clusterId) return;
    if (host.clusterId !== null) dirty.clusters.add(host.clusterId);
    if (leaveCluster(host)) dirty.everythingOf(host);
    this.#decideClaims(claimedBefore, dirty);
    this.#decideClaims(facts.clusterId, dirty);
  }

  #clusterFact(
    host: HostState,
    { cluster }: Extract<InventoryFact, { kind: 'cluster' }>,
    dirty: Dirty,
  ): void {
    const nameBefore = this.#clusters.nameOf(cluster.clusterId);
    const isOther = host.cluster?.clusterId !== cluster.clusterId;
    host.cluster = cluster;
    if (cluster.nodes.length > 0) host.clusterNodes = cluster.nodes.map(({ hostId }) => hostId);
    else if (isOther) host.clusterNodes = undefined;
    this.#decideClaims(claimedClusterOf(host), dirty);
    this.#clusters.choose(cluster.clusterId, this.#nodes(cluster.clusterId));
    dirty.host(host);
    if (this.#clusters.nameOf(cluster.clusterId) === nameBefore) return;
    for (const node of this.#nodes(cluster.clusterId)) dirty.everythingOf(node);
  }

  #synced(host: HostState, vmIds: ReadonlySet<string>, now: number, dirty: Dirty): void {
    const { state, since } = host.connection;
    host.connection = {
      state: 'connected',
      since: state === 'connected' ? since : timestamp(now),
      error: null,
      watching: host.watching,
    };
    for (const guid of host.vms) if (!vmIds.has(guid)) this.#release(host, guid, dirty);
    host.reading = false;
    host.synced = true;
    host.stale = null;
    dirty.host(host);
    // Determines whether VMs that left another node arrived here.
    for (const guid of this.#vms.refresh(host)) dirty.guids.add(guid);
  }

  #decideClaims(clusterId: string | null, dirty: Dirty): void {
    if (clusterId === null) return;
    for (const host of this.#claims.decide(clusterId, this.#hosts.values())) {
      dirty.clusters.add(clusterId);
      dirty.everythingOf(host);
    }
  }

  #release(host: HostState, guid: string, dirty: Dirty): void {
    host.vms.delete(guid);
    this.#vms.release(host, guid);
    dirty.guids.add(guid);
  }

  #project(dirty: Dirty, now: number): FleetUpdate {
    const removed: { kind: 'cluster' | 'host' | 'vm'; id: string }[] = [];
    const vms: Vm[] = [];
    for (const clusterId of dirty.clusters) this.#clusters.choose(clusterId, this.#nodes(clusterId));
    for (const guid of dirty.guids) {
      for (const { id, before, after } of this.#vms.decide(guid, now)) {
        if (after === undefined) removed.push({ kind: 'vm', id });
        else vms.push(after);
        for (const hostId of this.#vmsOfHost.follow(before, after)) dirty.hostOf(this.#hostIds.get(hostId));
        for (const clusterId of this.#vmsOfCluster.follow(before, after)) dirty.clusters.add(clusterId);
      }
    }
    for (const id of dirty.goneHosts) if (!this.#hostIds.has(id)) removed.push({ kind: 'host', id });
    const clusters: Cluster[] = [];
    for (const id of dirty.clusters) {
      const row = this.#clusterRow(id);
      if (row === undefined) {
        if (this.#clusterIds.delete(id)) removed.push({ kind: 'cluster', id });
      } else if (row !== 'unread') {
        this.#clusterIds.add(id);
        clusters.push(row);
      }
    }
    return { clusters, hosts: this.#hostRows(dirty), vms, removed };
  }

  #hostRows(dirty: Dirty): Host[] {
    const rows: Host[] = [];
    for (const address of new Set([...dirty.hosts, ...dirty.countedHosts])) {
      const host = this.#host(address);
      if (host.reading && !dirty.hosts.has(address)) continue;
      const { clusterId } = host;
      const clusterName = clusterId === null ? null : this.#clusters.nameOf(clusterId);
      rows.push(hostRow(host, clusterName, this.#vmsOfHost.of(host.id)));
    }
    return rows;
  }

  #clusterRow(id: string): Cluster | 'unread' | undefined {
    const nodes = this.#nodes(id);
    const row = this.#clusters.row(id, nodes, this.#vmsOfCluster.of(id));
    if (row === undefined) return undefined;
    return this.#clusterIds.has(id) && nodes.some((node) => node.reading) ? 'unread' : row;
  }

  #nodes(clusterId: string): HostState[] {
    return [...this.#hosts.values()].filter((host) => host.clusterId === clusterId);
  }

  #moveLimit(clusterId: string): number {
    const nodes = this.#nodes(clusterId);
    if (nodes.length < 2) return 0;
    const watched = nodes.every(({ connection, watching }) => connection.state === 'unreachable' || watching);
    return watched ? this.#moveLimits.watched : this.#moveLimits.polled;
  }

  #host(address: string): HostState {
    const host = this.#hosts.get(address);
    if (host === undefined) throw new RangeError(`no host was configured at ${address}`);
    return host;
  }
}
