import { randomBytes } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { formatFleetVersion, parseFleetVersion, type RowKind, type Rows, type Vm } from '@aether-v/types';
import { systemClock, type Clock } from '../common/clock.ts';
import { ChangeLog, type Slot } from './change-log.ts';

/** The stored rows by kind; VM rows are stored in full. */
export interface StoredRows extends Omit<Rows, 'vm'> {
  vm: Vm;
}

/** A row that was added or changed, in its current state. */
type RowChange = {
  [K in RowKind]: {
    readonly type: 'row';
    readonly kind: K;
    readonly id: string;
    readonly row: Readonly<StoredRows[K]>;
    readonly seq: number;
  };
}[RowKind];

/** A removed row. */
interface DeletedChange {
  readonly type: 'deleted';
  readonly kind: RowKind;
  readonly id: string;
  readonly seq: number;
}

/** A change of a row; `seq` is its number in the fleet's sequence. */
export type FleetChange = RowChange | DeletedChange;

/** The reason why a version cannot be resumed from. */
type ResetReason = 'epoch' | 'too-old' | 'invalid';

/** The changes since a version, or the reason why they are unavailable. */
export type ChangesSince =
  | {
      readonly changes: readonly FleetChange[];
      /** The reader's version after applying these changes. */
      readonly version: string;
      /** True if `limit` truncated the list: there are more changes after `version`. */
      readonly more: boolean;
    }
  | { readonly reset: ResetReason; readonly version: string };

/** Options of a store. */
export interface FleetStoreOptions {
  readonly clock?: Clock;
  /** Identifies this run of the store (`[0-9a-z]{1,32}`); a reader from another run must read everything again. */
  readonly epoch?: string;
  /** The maximum number of tombstones. */
  readonly maxTombstones?: number;
}

/** The lifetime of a tombstone (a deleted row), in milliseconds. */
export const tombstoneLifetime = 15 * 60_000;

/**
 * The maximum number of tombstones, about 10 MB: all VMs of a fleet of this size, or eight minutes of jobs at a hundred
 * per second. A reader that was disconnected for longer reads everything again.
 */
const maxTombstones = 50_000;

interface Tombstone {
  readonly slot: Slot<FleetChange>;
  readonly change: DeletedChange;
  readonly at: number;
}

const noVms: ReadonlySet<string> = new Set();

/**
 * The state of the fleet, in memory: one row per id, and one sequence over all kinds that numbers every significant
 * change. Rows are immutable; `put` replaces them.
 *
 * There is no event log. Each row, and each deleted row for 15 minutes, appears once in a log ordered by last change,
 * so the changes since any version are the end of that log.
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
  /** Deleted rows by slot, oldest deletion first. */
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

  /** The fleet's current version, `epoch.seq`. */
  get version(): string {
    return formatFleetVersion({ epoch: this.epoch, seq: this.#seq });
  }

  /** Returns the row of this kind and id. */
  get<K extends RowKind>(kind: K, id: string): Readonly<StoredRows[K]> | undefined {
    return this.#rows[kind].get(id);
  }

  /** Returns all rows of a kind as a live view, in order of insertion. */
  rows<K extends RowKind>(kind: K): ReadonlyMap<string, Readonly<StoredRows[K]>> {
    return this.#rows[kind];
  }

  /** Returns the ids of the VMs with this `hostId`. */
  vmIdsOfHost(hostId: string): ReadonlySet<string> {
    return this.#vmsByHost.get(hostId) ?? noVms;
  }

  /** Returns the number of the row's last change. */
  changedSeq(kind: RowKind, id: string): number | undefined {
    return this.#slots[kind].get(id)?.seq;
  }

  /** Stores a row. Only significant differences count as a change. @returns Whether it changed. */
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

  /** Deletes a row and keeps a tombstone. @returns Whether the row existed. */
  remove(kind: RowKind, id: string): boolean {
    const before = this.#rows[kind].get(id);
    if (before === undefined) return false;
    this.#rows[kind].delete(id);
    if (kind === 'vm') this.#reindex(id, (before as Vm).hostId, undefined);
    this.#record({ type: 'deleted', kind, id, seq: this.#seq + 1 });
    return true;
  }

  /**
   * Returns the changes since `version`, oldest first, each row once and in its current state.
   *
   * @param limit The maximum number of changes; `more` tells whether the list was truncated.
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
   * Calls `listener` synchronously after every change; it must not throw or change the store.
   *
   * @returns A function that unsubscribes.
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
