import { randomBytes } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { formatFleetVersion, parseFleetVersion, type RowKind, type Rows, type Vm } from '@aether-v/types';
import { systemClock, type Clock } from '../common/clock.ts';
import { ChangeLog, type Slot } from './change-log.ts';

/** The row of each kind, as the store has it: of a VM, all of it. */
export interface StoredRows extends Omit<Rows, 'vm'> {
  vm: Vm;
}

/** A row that came or changed, as it now is. */
type RowChange = {
  [K in RowKind]: {
    readonly type: 'row';
    readonly kind: K;
    readonly id: string;
    readonly row: Readonly<StoredRows[K]>;
    readonly seq: number;
  };
}[RowKind];

/** A row that is gone. */
interface DeletedChange {
  readonly type: 'deleted';
  readonly kind: RowKind;
  readonly id: string;
  readonly seq: number;
}

/** What happened to a row; `seq` is its place in the fleet's sequence. */
export type FleetChange = RowChange | DeletedChange;

/** Why a version cannot be resumed from. */
type ResetReason = 'epoch' | 'too-old' | 'invalid';

/** What changed since a version, or why that cannot be said. */
export type ChangesSince =
  | {
      readonly changes: readonly FleetChange[];
      /** The version that a reader has who applied these changes. */
      readonly version: string;
      /** Whether `limit` cut the answer: there is more after `version`. */
      readonly more: boolean;
    }
  | { readonly reset: ResetReason; readonly version: string };

/** What a store can be built with. */
export interface FleetStoreOptions {
  readonly clock?: Clock;
  /** Names this life of the store (`[0-9a-z]{1,32}`); a reader of another life must read everything again. */
  readonly epoch?: string;
  /** How many deleted rows are remembered at most. */
  readonly maxTombstones?: number;
}

/** How long the store remembers that a row was deleted, in milliseconds. */
export const tombstoneLifetime = 15 * 60_000;

/**
 * How many deleted rows the store remembers, in about 10 MB: all VMs of a fleet of this size, or eight minutes of jobs at
 * a hundred a second. A reader that was cut off for longer reads everything again.
 */
const maxTombstones = 50_000;

interface Tombstone {
  readonly slot: Slot<FleetChange>;
  readonly change: DeletedChange;
  readonly at: number;
}

const noVms: ReadonlySet<string> = new Set();

/**
 * Everything known of the fleet, in memory: one row for each id, and one sequence over all kinds that numbers every
 * change of meaning. Rows are never changed in place: `put` a new one.
 *
 * There is no log of events. Each row, and each deleted row for 15 minutes, stands once in a log in the order of its last
 * change, so what changed since any version is the end of that log.
 */
export class FleetStore {
  readonly epoch: string;
  readonly #clock: Clock;
  readonly #maxTombstones: number;
  readonly #log = new ChangeLog<FleetChange>();
  readonly #slots: { readonly [K in RowKind]: Map<string, Slot<FleetChange>> } = {
    cluster: new Map(),
    host: new Map(),
    vm: new Map(),
    job: new Map(),
  };
  readonly #rows: { readonly [K in RowKind]: Map<string, Readonly<StoredRows[K]>> } = {
    cluster: new Map(),
    host: new Map(),
    vm: new Map(),
    job: new Map(),
  };
  /** Deleted rows by their slots, the longest deleted first. */
  readonly #tombstones = new Map<Slot<FleetChange>, Tombstone>();
  readonly #vmsByHost = new Map<string, Set<string>>();
  readonly #listeners = new Set<(change: FleetChange) => void>();
  #seq = 0;
  #forgottenSeq = 0;

  constructor(options: FleetStoreOptions = {}) {
    this.#clock = options.clock ?? systemClock;
    this.#maxTombstones = options.maxTombstones ?? maxTombstones;
    this.epoch = options.epoch ?? this.#clock.now().toString(36) + randomBytes(4).toString('hex');
  }

  /** The fleet's version now, `epoch.seq`. */
  get version(): string {
    return formatFleetVersion({ epoch: this.epoch, seq: this.#seq });
  }

  /** The row of this kind and id. */
  get<K extends RowKind>(kind: K, id: string): Readonly<StoredRows[K]> | undefined {
    return this.#rows[kind].get(id);
  }

  /** All rows of a kind, live and in the order in which they first came. */
  rows<K extends RowKind>(kind: K): ReadonlyMap<string, Readonly<StoredRows[K]>> {
    return this.#rows[kind];
  }

  /** The ids of the VMs whose `hostId` this is. */
  vmIdsOfHost(hostId: string): ReadonlySet<string> {
    return this.#vmsByHost.get(hostId) ?? noVms;
  }

  /** The number of the row's last change. */
  changedSeq(kind: RowKind, id: string): number | undefined {
    return this.#slots[kind].get(id)?.seq;
  }

  /** Keeps a row. Only where its meaning changed does that make a change. @returns Whether it did. */
  put<K extends RowKind>(kind: K, row: StoredRows[K]): boolean {
    const { id } = row;
    const rows: Map<string, Readonly<StoredRows[K]>> = this.#rows[kind];
    const before = rows.get(id);
    if (before !== undefined && isDeepStrictEqual(before, row)) return false;
    rows.set(id, row);
    if (kind === 'vm') this.#reindex(id, (before as Vm | undefined)?.hostId, (row as Vm).hostId);
    this.#record({ type: 'row', kind, id, row, seq: this.#seq + 1 } as RowChange);
    return true;
  }

  /** Deletes a row and leaves a tombstone. @returns Whether there was one. */
  remove(kind: RowKind, id: string): boolean {
    const before = this.#rows[kind].get(id);
    if (before === undefined) return false;
    this.#rows[kind].delete(id);
    if (kind === 'vm') this.#reindex(id, (before as Vm).hostId, undefined);
    this.#record({ type: 'deleted', kind, id, seq: this.#seq + 1 });
    return true;
  }

  /**
   * What a reader of `version` does not know yet, oldest change first, each row once and as it now is.
   *
   * @param limit At most so many changes; `more` says whether that cut something off.
   */
  changesSince(version: string, limit = Number.POSITIVE_INFINITY): ChangesSince {
    const from = parseFleetVersion(version);
    if (from === null) return { reset: 'invalid', version: this.version };
    if (from.epoch !== this.epoch) return { reset: 'epoch', version: this.version };
    if (from.seq > this.#seq) return { reset: 'invalid', version: this.version };
    this.#forgetTombstones();
    if (from.seq < this.#forgottenSeq) return { reset: 'too-old', version: this.version };
    const { items: changes, more } = this.#log.after(from.seq, limit);
    const seq = more ? (changes.at(-1)?.seq ?? from.seq) : this.#seq;
    return { changes, version: formatFleetVersion({ epoch: this.epoch, seq }), more };
  }

  /**
   * Calls `listener` after every change, synchronously; it must not throw and must not change the store.
   *
   * @returns A function that ends it.
   */
  subscribe(listener: (change: FleetChange) => void): () => void {
    const own = (change: FleetChange): void => listener(change);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  #record(change: FleetChange): void {
    this.#seq = change.seq;
    const slots = this.#slots[change.kind];
    const superseded = slots.get(change.id);
    if (superseded !== undefined) {
      this.#log.drop(superseded);
      this.#tombstones.delete(superseded);
    }
    const slot = this.#log.append(change);
    slots.set(change.id, slot);
    if (change.type === 'deleted') this.#tombstones.set(slot, { slot, change, at: this.#clock.now() });
    this.#forgetTombstones();
    for (const listener of this.#listeners) listener(change);
  }

  #forgetTombstones(): void {
    const horizon = this.#clock.now() - tombstoneLifetime;
    for (const { slot, change, at } of this.#tombstones.values()) {
      if (at > horizon && this.#tombstones.size <= this.#maxTombstones) return;
      this.#tombstones.delete(slot);
      this.#log.drop(slot);
      this.#slots[change.kind].delete(change.id);
      this.#forgottenSeq = Math.max(this.#forgottenSeq, slot.seq);
    }
  }

  #reindex(vmId: string, before: string | undefined, after: string | undefined): void {
    if (before === after) return;
    if (before !== undefined) {
      const ids = this.#vmsByHost.get(before);
      ids?.delete(vmId);
      if (ids?.size === 0) this.#vmsByHost.delete(before);
    }
    if (after === undefined) return;
    const ids = this.#vmsByHost.get(after);
    if (ids === undefined) this.#vmsByHost.set(after, new Set([vmId]));
    else ids.add(vmId);
  }
}
