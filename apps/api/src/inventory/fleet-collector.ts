import { usesResources, type HostUsage, type Vm, type VmUsage, type VmUsageFacts } from '@aether-v/types';
import type { Cancel, Clock } from '../common/clock.ts';
import type { HostEndpoint } from '../config/host-endpoint.ts';
import type { HostOperations } from '../host-adapter/agent/host-operations.ts';
import type { HostDirectory } from '../host-adapter/connect/host-directory.ts';
import type { IdentityAnswer } from '../host-adapter/connect/host-identities.ts';
import { ClusterMembers } from './cluster-members.ts';
import { FleetReducer } from './fleet-reducer.ts';
import type { FleetStore } from './fleet-store.ts';
import type { FleetUpdate } from './fleet-update.ts';
import type { HostEvent } from './host-event.ts';
import { HostSupervisor, type SupervisionSettings } from './host-supervisor.ts';
import { IdentityDisputes } from './identity-disputes.ts';
import { serviceTime } from './service-time.ts';
import type { UsageStore } from './usage-store.ts';

/** Dependencies of a collector. */
export interface FleetCollectorOptions {
  /** The configured hosts and cluster names. */
  readonly endpoints: readonly HostEndpoint[];
  readonly operations: HostOperations;
  readonly directory: HostDirectory;
  readonly store: FleetStore;
  readonly usage: UsageStore;
  readonly clock: Clock;
  readonly random: () => number;
  readonly settings: SupervisionSettings;
}

/** The longest move of a clustered VM if every change is reported at once, in milliseconds. */
const watchedMove = 30_000;

interface HostRecord {
  readonly endpoint: HostEndpoint;
  readonly supervisor: Pick<HostSupervisor, 'start' | 'stop'>;
  /** The address of the cluster's name, for a node that the cluster reported. */
  readonly learnedFrom: string | null;
  hostId: string;
  readAt: number | undefined;
}

/** Fills the store: supervises every host, adds hosts that clusters report, and converts reports into rows. */
export class FleetCollector {
  readonly #options: FleetCollectorOptions;
  readonly #reducer: FleetReducer;
  readonly #hosts = new Map<string, HostRecord>();
  readonly #clusters: ClusterMembers;
  readonly #disputes = new IdentityDisputes((address, conflict) =>
    this.#learn(address, { type: 'disputed', conflict }),
  );
  #cancelExpiry: Cancel | undefined;
  #started = false;

  constructor(options: FleetCollectorOptions) {
    this.#options = options;
    this.#reducer = new FleetReducer({
      watched: watchedMove,
      // Two reads and their duration.
      polled: 2.5 * options.settings.refreshInterval,
    });
    for (const endpoint of options.endpoints) {
      if (endpoint.role !== 'cluster') this.#hosts.set(endpoint.address, this.#record(endpoint, null));
    }
    this.#clusters = new ClusterMembers({
      ...options,
      endpoints: options.endpoints.filter(({ role }) => role === 'cluster'),
      hosts: {
        has: (address) => this.#hosts.has(address),
        learnedFrom: (cluster) => this.#learnedFrom(cluster),
        add: (endpoint, cluster) => this.#add(endpoint, cluster),
        remove: (address) => this.#remove(address),
        vouch: (clusterId, nodes) => {
          this.#store(this.#reducer.vouch(clusterId, nodes, options.clock.now()));
          this.#scheduleExpiry();
        },
        tell: (address, event) => this.#apply(address, event),
      },
    });
  }

  /** True if hosts are being read. */
  get started(): boolean {
    return this.#started;
  }

  /** Adds rows for all configured hosts and starts reading them. */
  start(): void {
    if (this.#started) return;
    this.#started = true;
    for (const { endpoint } of this.#hosts.values()) this.#show(endpoint);
    for (const { supervisor } of this.#hosts.values()) supervisor.start();
    this.#clusters.start();
  }

  /** Stops all reading; the rows stay. */
  async stop(): Promise<void> {
    this.#started = false;
    this.#cancelExpiry?.();
    const supervisors = [...this.#hosts.values()].map(({ supervisor }) => supervisor);
    await Promise.all([this.#clusters, ...supervisors].map((one) => one.stop()));
  }

  /** Returns the time up to which a host's rows are known to be correct (milliseconds since 1970). */
  readAt(hostId: string): number | undefined {
    for (const host of this.#hosts.values()) if (host.hostId === hostId) return host.readAt;
    return undefined;
  }

  #record(endpoint: HostEndpoint, learnedFrom: string | null): HostRecord {
    const { operations, clock, random, settings } = this.#options;
    const { address } = endpoint;
    const supervisor = new HostSupervisor({
      endpoint,
      operations,
      identify: (at, hostId) => this.#identify(at, hostId),
      clock,
      random,
      settings,
      listener: {
        onEvent: (event) => this.#learn(address, event),
        onUsage: (host, vms) => this.#sample(record, host, vms),
        onCurrent: () => (record.readAt = clock.now()),
      },
    });
    const hostId = endpoint.provisionalId;
    const record: HostRecord = { endpoint, supervisor, learnedFrom, hostId, readAt: undefined };
    return record;
  }

  #learnedFrom(cluster: string): Set<string> {
    const learned = [...this.#hosts].filter(([, { learnedFrom }]) => learnedFrom === cluster);
    return new Set(learned.map(([address]) => address));
  }

  #add(endpoint: HostEndpoint, learnedFrom: string): void {
    const displaced = this.#options.directory.add(endpoint);
    const record = this.#record(endpoint, learnedFrom);
    this.#hosts.set(endpoint.address, record);
    this.#show(endpoint);
    record.supervisor.start();
    for (const address of displaced) this.#displace(address);
  }

  #remove(address: string): void {
    const record = this.#hosts.get(address);
    if (record === undefined) return;
    this.#options.usage.forgetHost(record.hostId);
    this.#hosts.delete(address);
    this.#apply(address, { type: 'removed' });
    this.#disputes.left(address);
    // Pending work ends when its sessions close.
    void record.supervisor.stop();
    void this.#options.directory.remove(address);
  }

  /**
   * A node that is also configured individually under its name is read there, and not again as a node of its cluster.
   */
  #identify(address: string, hostId: string): IdentityAnswer {
    const { directory } = this.#options;
    const answer = directory.identify(address, hostId);
    if (!answer.accepted && answer.proves) {
      if (this.#isLearned(address)) {
        this.#remove(address);
        return answer;
      }
      if (this.#isLearned(answer.holder)) {
        this.#remove(answer.holder);
        return this.#identify(address, hostId);
      }
    }
    this.#disputes.answered(address, hostId, answer);
    if (answer.accepted && answer.displaced !== undefined) this.#displace(answer.displaced);
    return answer;
  }

  /** An address that lost the id it reported is shown without it, and queried again. */
  #displace(address: string): void {
    const record = this.#hosts.get(address);
    if (record === undefined) return;
    const { endpoint, learnedFrom } = record;
    this.#options.usage.forgetHost(record.hostId);
    void record.supervisor.stop();
    this.#apply(address, { type: 'removed' });
    const fresh = this.#record(endpoint, learnedFrom);
    this.#hosts.set(address, fresh);
    this.#show(endpoint);
    fresh.supervisor.start();
  }

  #isLearned(address: string): boolean {
    const learnedFrom = this.#hosts.get(address)?.learnedFrom ?? null;
    return learnedFrom !== null;
  }

  #show({ address, provisionalId, name }: HostEndpoint): void {
    this.#apply(address, { type: 'configured', provisionalId, name });
  }

  #learn(address: string, event: HostEvent): void {
    const host = this.#hosts.get(address);
    // A removed host may still send reports.
    if (host === undefined) return;
    if (event.type === 'identified') host.hostId = event.hostId;
    if (event.type === 'unreachable') this.#options.usage.forgetHost(host.hostId);
    this.#apply(address, event);
  }

  #apply(address: string, event: HostEvent): void {
    this.#store(this.#reducer.apply(address, event, this.#options.clock.now()));
    this.#scheduleExpiry();
  }

  #store({ clusters, hosts, vms, removed }: FleetUpdate): void {
    const { store, usage } = this.#options;
    for (const { kind, id } of removed) {
      store.remove(kind, id);
      if (kind === 'vm') usage.forgetVm(id);
    }
    for (const cluster of clusters) store.put('cluster', cluster);
    for (const host of hosts) store.put('host', host);
    for (const vm of vms) {
      if (!hasUsage(vm) || store.get('vm', vm.id)?.hostId !== vm.hostId) usage.forgetVm(vm.id);
      store.put('vm', vm);
    }
  }

  #scheduleExpiry(): void {
    this.#cancelExpiry?.();
    this.#cancelExpiry = undefined;
    const { dueAt } = this.#reducer;
    const { clock } = this.#options;
    if (dueAt === undefined) return;
    this.#cancelExpiry = clock.schedule(dueAt - clock.now(), () => {
      this.#store(this.#reducer.expire(clock.now()));
      this.#scheduleExpiry();
    });
  }

  /** Samples arrive by GUID and are stored by row, since two hosts may have VMs with the same GUID. */
  #sample({ hostId }: HostRecord, host: HostUsage | null, vms: readonly VmUsageFacts[]): void {
    const { store, usage } = this.#options;
    const offsetMs = store.get('host', hostId)?.clockOffsetMs ?? 0;
    const inServiceTime = <S extends { readonly sampledAt: string }>(sample: S): S => ({
      ...sample,
      sampledAt: serviceTime(sample.sampledAt, offsetMs),
    });
    const byRow = new Map<string, VmUsage>();
    for (const sample of vms) {
      for (const id of [sample.vmId, `${sample.vmId}@${hostId}`]) {
        const row = store.get('vm', id);
        if (row?.hostId === hostId && hasUsage(row)) byRow.set(id, { ...inServiceTime(sample), vmId: id });
      }
    }
    const ofHost = host === null ? [] : [[hostId, { ...inServiceTime(host), hostId }] as const];
    usage.put({ vms: byRow, hosts: new Map(ofHost) });
  }
}

/** Returns whether usage samples are meaningful: the VM uses resources, and its host is reachable. */
function hasUsage({ state, stale }: Vm): boolean {
  return stale === null && usesResources(state);
}
