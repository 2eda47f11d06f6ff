import type { Cluster, ClusterFacts } from '@aether-v/types';
import { Logger } from '@nestjs/common';
import type { HostEndpoint } from '../config/host-endpoint.ts';
import { compareNodes } from './cluster-nodes.ts';
import { ClusterSupervisor, type ClusterSupervisorOptions } from './cluster-supervisor.ts';
import type { FleetStore } from './fleet-store.ts';
import type { HostEvent } from './host-event.ts';

/** The hosts of the fleet, as far as clusters change them. */
interface FleetHosts {
  has(address: string): boolean;
  /** The addresses of the nodes that a cluster named, by the address of its own name. */
  learnedFrom(cluster: string): ReadonlySet<string>;
  add(node: HostEndpoint, cluster: string): void;
  remove(address: string): void;
  /** The cluster told which nodes it has. */
  vouch(clusterId: string, nodes: readonly string[]): void;
  /** Shows at the cluster's name what is known while no node is. */
  tell(cluster: string, event: HostEvent): void;
}

/** What is needed to follow clusters. */
export interface ClusterMembersOptions extends Pick<
  ClusterSupervisorOptions,
  'operations' | 'directory' | 'clock' | 'random' | 'settings'
> {
  /** The endpoints at the names of clusters. */
  readonly endpoints: readonly HostEndpoint[];
  readonly store: FleetStore;
  readonly hosts: FleetHosts;
}

interface ClusterRecord {
  readonly endpoint: HostEndpoint;
  readonly supervisor: ClusterSupervisor;
  /** Undefined while no node has answered; until then the cluster's name has a row as a host of its own. */
  clusterId: string | undefined;
  /** What was last warned of, so that it is not said again and again. */
  warnedOf: string;
}

/** Keeps the hosts of the fleet what the configured clusters say their nodes are. */
export class ClusterMembers {
  readonly #log = new Logger('Fleet');
  readonly #options: ClusterMembersOptions;
  readonly #clusters: readonly ClusterRecord[];
  #unsubscribe: (() => void) | undefined;

  constructor(options: ClusterMembersOptions) {
    this.#options = options;
    this.#clusters = options.endpoints.map((endpoint) => this.#record(endpoint));
  }

  start(): void {
    this.#unsubscribe = this.#options.store.subscribe((change) => {
      if (change.type !== 'row' || change.kind !== 'cluster') return;
      const { row } = change;
      // Listeners must not change the store themselves, so that happens a moment later.
      queueMicrotask(() => this.#changed(row));
    });
    for (const { endpoint, supervisor } of this.#clusters) {
      const { address, provisionalId, name } = endpoint;
      this.#options.hosts.tell(address, { type: 'configured', provisionalId, name });
      supervisor.start();
    }
  }

  async stop(): Promise<void> {
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
    await Promise.all(this.#clusters.map(({ supervisor }) => supervisor.stop()));
  }

  #record(endpoint: HostEndpoint): ClusterRecord {
    const { operations, directory, clock, random, settings, hosts } = this.#options;
    const supervisor = new ClusterSupervisor({
      endpoint,
      operations,
      directory,
      clock,
      random,
      settings,
      isKnown: () => this.#isKnown(record),
      onCluster: (facts) => this.#answered(record, facts),
      onFailure: ({ info }) => {
        // The nodes that are known go on; they have rows of their own.
        if (record.clusterId === undefined) hosts.tell(endpoint.address, { type: 'away', error: info });
      },
    });
    const record: ClusterRecord = { endpoint, supervisor, clusterId: undefined, warnedOf: '' };
    return record;
  }

  /** Whether a node that answers tells of the cluster. */
  #isKnown({ clusterId }: ClusterRecord): boolean {
    const row = clusterId === undefined ? undefined : this.#options.store.get('cluster', clusterId);
    return row !== undefined && row.stale === null;
  }

  #answered(cluster: ClusterRecord, { clusterId, nodes }: ClusterFacts): void {
    const isFirst = cluster.clusterId === undefined;
    cluster.clusterId = clusterId;
    this.#vouch(clusterId, nodes);
    this.#setNodes(cluster, nodes);
    if (isFirst) this.#options.hosts.tell(cluster.endpoint.address, { type: 'removed' });
  }

  #changed({ id, nodes }: Readonly<Cluster>): void {
    if (this.#unsubscribe === undefined) return;
    for (const cluster of this.#clusters) {
      if (cluster.clusterId !== id) continue;
      this.#vouch(id, nodes);
      this.#setNodes(cluster, nodes);
    }
  }

  #vouch(clusterId: string, nodes: Cluster['nodes']): void {
    if (nodes.length === 0) return;
    const ids = nodes.map(({ hostId }) => hostId);
    this.#options.hosts.vouch(clusterId, ids);
  }

  #setNodes(cluster: ClusterRecord, nodes: Cluster['nodes']): void {
    const { endpoint } = cluster;
    // A cluster has a node, or it could not tell: a view without any is no reason to lose all hosts.
    if (nodes.length === 0) return;
    const { hosts, directory } = this.#options;
    const present = hosts.learnedFrom(endpoint.address);
    const { joined, left, unusable } = compareNodes(nodes, {
      cluster: endpoint,
      present,
      has: (address) => hosts.has(address),
      isReadElsewhere: (hostId, address) => {
        const known = directory.provenAddressOf(hostId);
        return known !== undefined && known !== address && !present.has(known);
      },
    });
    this.#warnOf(cluster, unusable);
    for (const address of left) hosts.remove(address);
    for (const node of joined) hosts.add(node, endpoint.address);
  }

  #warnOf(cluster: ClusterRecord, unusable: readonly string[]): void {
    const names = unusable.map((name) => JSON.stringify(name)).join(', ');
    if (names !== '' && names !== cluster.warnedOf) {
      this.#log.warn(`${cluster.endpoint.address} names nodes that cannot be any: ${names}`);
    }
    cluster.warnedOf = names;
  }
}
