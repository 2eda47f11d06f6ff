import type { HostConnection, HostUsage, RowKind, Vm, VmSort, VmUsage } from '@aether-v/types';
import { canSee, seesAll } from '../auth/can-see.ts';
import type { Principal } from '../auth/principal.ts';
import type { FleetChange, StoredRows } from './fleet-change.ts';
import type { ChangesSince, FleetStore } from './fleet-store.ts';
import type { UsageStore } from './usage-store.ts';
import type { UsageSamples, UsageWatch } from './usage-watch.ts';
import { VmCounter } from './vm-counter.ts';
import type { PlacedVm, VmOrderCache } from './vm-order-cache.ts';

/** The whole fleet, which a view shows in part. */
export interface WholeFleet {
  readonly store: FleetStore;
  readonly usage: UsageStore;
  readonly orders: VmOrderCache;
}

type Show<K extends RowKind> = (row: Readonly<StoredRows[K]>) => Readonly<StoredRows[K]>;

/** The rows that count VMs, by the VM's reference to them. */
const countsVmsBy: { readonly [K in RowKind]: ((vm: Vm) => string | null) | null } = {
  cluster: (vm) => vm.clusterId,
  host: (vm) => vm.hostId,
  vm: null,
  job: null,
};

/**
 * The fleet as one principal sees it: every read for an answer goes through a view. A row that the principal does not
 * see is like one that does not exist, and is not counted.
 *
 * A visible row is shown in full, names of other rows included: a VM names its host.
 */
export class FleetView {
  readonly #fleet: WholeFleet;
  readonly #principal: Principal;

  constructor(fleet: WholeFleet, principal: Principal) {
    this.#fleet = fleet;
    this.#principal = principal;
  }

  /** Identifies this run of the store. */
  get epoch(): string {
    return this.#fleet.store.epoch;
  }

  /** The fleet's current version. */
  get version(): string {
    return this.#fleet.store.version;
  }

  /** Returns the row of this kind and id, if the principal sees it. */
  get<K extends RowKind>(kind: K, id: string): Readonly<StoredRows[K]> | undefined {
    const row = this.#fleet.store.get(kind, id);
    return row !== undefined && canSee(this.#principal, kind, row) ? this.#show(kind)(row) : undefined;
  }

  /** Returns the rows of a kind that the principal sees, in order of insertion. */
  rows<K extends RowKind>(kind: K): Readonly<StoredRows[K]>[] {
    const rows = [...this.#fleet.store.rows(kind).values()];
    if (seesAll(this.#principal, kind) && this.#countsAll(kind)) return rows;
    return rows.filter((row) => canSee(this.#principal, kind, row)).map(this.#show(kind));
  }

  /** Returns the VMs that the principal sees in this order. */
  sortedVms(sort: VmSort): readonly PlacedVm[] {
    const all = this.#fleet.orders.get(sort);
    if (seesAll(this.#principal, 'vm')) return all;
    return all.filter(({ vm }) => canSee(this.#principal, 'vm', vm));
  }

  /** Returns the connection of a visible VM's host: anyone who sees a VM learns whether it can be reached. */
  connectionOf({ hostId }: Readonly<Vm>): Readonly<HostConnection> | undefined {
    return this.#fleet.store.get('host', hostId)?.connection;
  }

  /** Returns the latest sample of a VM, by row id. */
  vmUsage(vmId: string): VmUsage | undefined {
    return this.#has('vm', vmId) ? this.#fleet.usage.vm(vmId) : undefined;
  }

  /** Returns the latest sample of a host. */
  hostUsage(hostId: string): HostUsage | undefined {
    return this.#has('host', hostId) ? this.#fleet.usage.host(hostId) : undefined;
  }

  /**
   * Returns the memory that running VMs use on each host, in bytes: the configured startup memory, or the assigned one
   * if a sample shows more. It counts all VMs, whether or not the principal sees them.
   */
  usedMemory(): Map<string, number> {
    const used = new Map<string, number>();
    for (const { id, hostId, state, memory } of this.#fleet.store.rows('vm').values()) {
      if (state === 'Off' || state === 'Saved') continue;
      const bytes = Math.max(memory.startup, this.#fleet.usage.vm(id)?.memoryAssigned ?? 0);
      used.set(hostId, (used.get(hostId) ?? 0) + bytes);
    }
    return used;
  }

  /** Registers a listener for new samples of what the principal sees, without any interest yet; it must not throw. */
  watchUsage(listener: (samples: UsageSamples) => void): UsageWatch {
    const { usage } = this.#fleet;
    if (seesAll(this.#principal, 'vm') && seesAll(this.#principal, 'host')) return usage.watch(listener);
    return usage.watch(({ vms, hosts }) => {
      const visible = { vms: this.#visible('vm', vms), hosts: this.#visible('host', hosts) };
      if (visible.vms.size + visible.hosts.size > 0) listener(visible);
    });
  }

  /** Calls `listener` after every change of the fleet, whether or not the principal sees it. @returns As `FleetStore`. */
  onChange(listener: () => void): () => void {
    return this.#fleet.store.subscribe(listener);
  }

  /**
   * Returns the changes since `version` that the principal sees. A row that became invisible is deleted; of one that
   * was never visible there is no change.
   *
   * @param limit The maximum number of changes examined; there may be none among them.
   */
  changesSince(version: string, limit: number): ChangesSince {
    const answer = this.#fleet.store.changesSince(version, limit);
    if ('reset' in answer) return answer;
    const show = { cluster: this.#show('cluster'), host: this.#show('host') };
    const changes = answer.changes.flatMap((change): FleetChange[] => {
      if (!this.#isVisible(change)) return [];
      if (change.type === 'deleted') return [change];
      if (change.kind === 'host') return [{ ...change, row: show.host(change.row) }];
      if (change.kind === 'cluster') return [{ ...change, row: show.cluster(change.row) }];
      return [change];
    });
    return { ...answer, changes };
  }

  #isVisible(change: FleetChange): boolean {
    const { kind } = change;
    if (change.type === 'row') return canSee(this.#principal, kind, change.row);
    // A row that is visible elsewhere follows, or was sent before.
    return canSee(this.#principal, kind, change.scope) && !this.#has(kind, change.id);
  }

  #has(kind: RowKind, id: string): boolean {
    const row = this.#fleet.store.get(kind, id);
    return row !== undefined && canSee(this.#principal, kind, row);
  }

  #visible<T>(kind: RowKind, samples: ReadonlyMap<string, T>): Map<string, T> {
    return new Map([...samples].filter(([id]) => this.#has(kind, id)));
  }

  #countsAll(kind: RowKind): boolean {
    return countsVmsBy[kind] === null || seesAll(this.#principal, 'vm');
  }

  /** Returns how rows of a kind are shown: with the counts of the VMs that the principal sees, counted once. */
  #show<K extends RowKind>(kind: K): Show<K> {
    const keyOf = countsVmsBy[kind];
    if (keyOf === null || this.#countsAll(kind)) return (row) => row;
    let counter: VmCounter | undefined;
    return (row) => {
      counter ??= this.#count(keyOf);
      return { ...row, ...counter.of(row.id) };
    };
  }

  #count(keyOf: (vm: Vm) => string | null): VmCounter {
    const counter = new VmCounter(keyOf);
    for (const vm of this.rows('vm')) counter.follow(undefined, vm);
    return counter;
  }
}
