import type { HostUsage, VmUsage, VmUsageFacts } from '@aether-v/types';
import type { Cancel, Clock } from '../common/clock.ts';
import type { HostEndpoint } from '../host-adapter/host-endpoint.ts';
import type { HostOperations } from '../host-adapter/host-operations.ts';
import { FleetReducer, type FleetUpdate } from './fleet-reducer.ts';
import type { FleetStore } from './fleet-store.ts';
import type { HostEvent } from './host-event.ts';
import { HostSupervisor, type SupervisionSettings } from './host-supervisor.ts';
import type { UsageStore } from './usage-store.ts';

/** What a collector needs. */
export interface FleetCollectorOptions {
  readonly endpoints: readonly HostEndpoint[];
  readonly operations: HostOperations;
  /** Remembers who answers at an address; false where another address has that host already. */
  readonly identify: (address: string, hostId: string) => boolean;
  readonly store: FleetStore;
  readonly usage: UsageStore;
  readonly clock: Clock;
  readonly random: () => number;
  readonly settings: SupervisionSettings;
}

/** How long a move of a clustered VM may take where every change is reported at once, in milliseconds. */
const watchedMove = 30_000;

interface HostRecord {
  readonly endpoint: HostEndpoint;
  readonly supervisor: HostSupervisor;
  hostId: string;
  readAt: number | undefined;
}

/** Fills the store: supervises every configured host and folds what they report into rows. */
export class FleetCollector {
  readonly #options: FleetCollectorOptions;
  readonly #reducer: FleetReducer;
  readonly #hosts: ReadonlyMap<string, HostRecord>;
  #cancelExpiry: Cancel | undefined;
  #started = false;

  constructor(options: FleetCollectorOptions) {
    this.#options = options;
    this.#reducer = new FleetReducer({
      watched: watchedMove,
      // Two reads, and what they take.
      polled: 2.5 * options.settings.refreshInterval,
    });
    this.#hosts = new Map(
      options.endpoints.map((endpoint) => [endpoint.address, this.#record(endpoint)] as const),
    );
  }

  /** Whether hosts are being read. */
  get started(): boolean {
    return this.#started;
  }

  /** Shows every configured host, and begins to read them. */
  start(): void {
    if (this.#started) return;
    this.#started = true;
    for (const { endpoint } of this.#hosts.values()) {
      this.#learn(endpoint.address, {
        type: 'configured',
        provisionalId: endpoint.provisionalId,
        name: endpoint.name,
      });
    }
    for (const { supervisor } of this.#hosts.values()) supervisor.start();
  }

  /** Ends all reading; the rows stay. */
  async stop(): Promise<void> {
    this.#started = false;
    this.#cancelExpiry?.();
    await Promise.all([...this.#hosts.values()].map(({ supervisor }) => supervisor.stop()));
  }

  /** As of when the rows of a host are known to be right (milliseconds since 1970). */
  readAt(hostId: string): number | undefined {
    for (const host of this.#hosts.values()) if (host.hostId === hostId) return host.readAt;
    return undefined;
  }

  #record(endpoint: HostEndpoint): HostRecord {
    const { operations, identify, clock, random, settings } = this.#options;
    const { address } = endpoint;
    const supervisor = new HostSupervisor({
      endpoint,
      operations,
      identify,
      clock,
      random,
      settings,
      listener: {
        onEvent: (event) => this.#learn(address, event),
        onUsage: (host, vms) => this.#sample(record, host, vms),
        onCurrent: () => (record.readAt = clock.now()),
      },
    });
    const record: HostRecord = { endpoint, supervisor, hostId: endpoint.provisionalId, readAt: undefined };
    return record;
  }

  #learn(address: string, event: HostEvent): void {
    const host = this.#hosts.get(address);
    if (host !== undefined && event.type === 'identified') host.hostId = event.hostId;
    if (host !== undefined && event.type === 'away') this.#options.usage.forgetHost(host.hostId);
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
    for (const vm of vms) store.put('vm', vm);
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

  /** Samples come by GUID; they are kept by row, since two hosts may have VMs of one GUID. */
  #sample({ hostId }: HostRecord, host: HostUsage | null, vms: readonly VmUsageFacts[]): void {
    const { store, usage } = this.#options;
    const byRow = new Map<string, VmUsage>();
    for (const sample of vms) {
      for (const id of [sample.vmId, `${sample.vmId}@${hostId}`]) {
        if (store.get('vm', id)?.hostId === hostId) byRow.set(id, { ...sample, vmId: id });
      }
    }
    usage.put({ vms: byRow, hosts: host === null ? new Map() : new Map([[hostId, { ...host, hostId }]]) });
  }
}
