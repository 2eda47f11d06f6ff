import type { Cluster, ClusterFacts } from '@aether-v/types';
import { Logger } from '@nestjs/common';
import type { HostEndpoint } from '../config/host-endpoint.ts';
import { compareNodes } from './cluster-nodes.ts';
import { ClusterSupervisor, type ClusterSupervisorOptions } from './cluster-supervisor.ts';
import type { FleetStore } from './fleet-store.ts';
import type { HostEvent } from './host-event.ts';

/** The hosts of the fleet, as needed to apply changes of clusters. */
interface FleetHosts {
  has(address: string): boolean;
  /** Returns the addresses of the nodes that a cluster reported, by the address of the cluster's name. */
  learnedFrom(cluster: string): ReadonlySet<string>;
  add(node: HostEndpoint, cluster: string): void;
  remove(address: string): void;
  /** Records the nodes that the cluster reported. */
  vouch(clusterId: string, nodes: readonly string[]): void;
  /** Applies an event to the row of the cluster's name, which exists while no node is known. */
  tell(cluster: string, event: HostEvent): void;
}

/** Dependencies of cluster discovery. */
export interface ClusterMembersOptions extends Pick<
  ClusterSupervisorOptions,
  'operations' | 'directory' | 'clock' | 'random' | 'settings'
> {
  /** The endpoints of cluster names. */
  readonly endpoints: readonly HostEndpoint[];
  readonly store: FleetStore;
  readonly hosts: FleetHosts;
}

interface ClusterRecord {
  readonly endpoint: HostEndpoint;
  readonly supervisor: ClusterSupervisor;
  /** Undefined until a node has answered; until then the cluster's name has a host row. */
  clusterId: string | undefined;
  /** The last warning, to avoid repeating it. */
  warnedOf: string;
}

/** Keeps the fleet's hosts in sync with the nodes that the configured clusters report. */
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
      // Listeners must not change the store synchronously.
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
        // Known nodes are not affected; they have their own rows.
        if (record.clusterId === undefined)
          hosts.tell(endpoint.address, { type: 'unreachable', error: info });
      },
    });
    const record: ClusterRecord = { endpoint, supervisor, clusterId: undefined, warnedOf: '' };
    return record;
  }

  /** Returns whether an available node reports the cluster. */
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
    // A cluster always has a node, so an empty list means that the host could not report it.
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
      this.#log.warn(`${cluster.endpoint.address} reports invalid node names: ${names}`);
    }
    cluster.warnedOf = names;
  }
}
