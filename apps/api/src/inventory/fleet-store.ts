import { randomBytes } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { formatFleetVersion, parseFleetVersion, type RowKind, type Vm } from '@aether-v/types';
import { scopeOf, type RowScopes } from '../auth/can-see.ts';
import { systemClock, type Clock } from '../common/clock.ts';
import { ChangeLog, type Slot } from './change-log.ts';
import type { DeletedChange, FleetChange, RowChange, StoredRows } from './fleet-change.ts';
import { Tombstones } from './tombstones.ts';

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

/**
 * The maximum number of tombstones, about 30 MB: all VMs of a fleet of this size, or eight minutes of jobs at a hundred
 * per second. A reader that was disconnected for longer reads everything again.
 */
const maxTombstones = 50_000;

const noVms: ReadonlySet<string> = new Set();

/**
 * The state of the fleet, in memory: one row per id, and one sequence over all kinds that numbers every significant
 * change. Rows are immutable; `put` replaces them.
 *
 * There is no event log. Each row appears once in a log ordered by last change, and so does each scope that a row left
 * (by its deletion or otherwise) for 15 minutes: the changes since any version are the end of that log.
 */
export class FleetStore {
  readonly epoch: string;
  readonly #log = new ChangeLog<FleetChange>();
  readonly #tombstones: Tombstones;
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
  readonly #vmsByHost = new Map<string, Set<string>>();
  readonly #listeners = new Set<(change: FleetChange) => void>();
  #seq = 0;

  constructor(options: FleetStoreOptions = {}) {
    const { clock = systemClock, epoch } = options;
    this.#tombstones = new Tombstones(this.#log, clock, options.maxTombstones ?? maxTombstones);
    this.epoch = epoch ?? clock.now().toString(36) + randomBytes(4).toString('hex');
  }

  /** The fleet's current version, `epoch.seq`. */
  get version(): string {
    return formatFleetVersion({ epoch: this.epoch, seq: this.#seq });
  }

  /** The number of tombstones. */
  get tombstoneCount(): number {
    return this.#tombstones.size;
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
    const scope = scopeOf(kind, row);
    const scopeBefore = before === undefined ? scope : scopeOf(kind, before);
    if (!isDeepStrictEqual(scopeBefore, scope)) this.#bury(kind, id, scopeBefore);
    this.#tombstones.remove(kind, id, scope);
    const change = { type: 'row', kind, id, row, seq: this.#nextSeq() } as RowChange;
    this.#dropRow(kind, id);
    this.#slots[kind].set(id, this.#log.append(change));
    this.#notify(change);
    return true;
  }

  /** Deletes a row and keeps a tombstone. @returns Whether the row existed. */
  remove(kind: RowKind, id: string): boolean {
    const before = this.#rows[kind].get(id);
    if (before === undefined) return false;
    this.#rows[kind].delete(id);
    if (kind === 'vm') this.#reindex(id, (before as Vm).hostId, undefined);
    this.#dropRow(kind, id);
    this.#notify(this.#bury(kind, id, scopeOf(kind, before)));
    return true;
  }

  /**
   * Returns the changes since `version`, oldest first, each row once and in its current state. A row that left a scope
   * and still exists is deleted before: the change says from which scope.
   *
   * @param limit The maximum number of changes; `more` tells whether the list was truncated.
   */
  changesSince(version: string, limit = Number.POSITIVE_INFINITY): ChangesSince {
    const from = parseFleetVersion(version);
    if (from === null) return { reset: 'invalid', version: this.version };
    if (from.epoch !== this.epoch) return { reset: 'epoch', version: this.version };
    if (from.seq > this.#seq) return { reset: 'invalid', version: this.version };
    this.#tombstones.forget();
    if (from.seq < this.#tombstones.forgottenSeq) return { reset: 'too-old', version: this.version };
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

  #nextSeq(): number {
    this.#seq += 1;
    return this.#seq;
  }

  #dropRow(kind: RowKind, id: string): void {
    const slot = this.#slots[kind].get(id);
    if (slot === undefined) return;
    this.#log.drop(slot);
    this.#slots[kind].delete(id);
  }

  #bury<K extends RowKind>(kind: K, id: string, scope: RowScopes[K]): DeletedChange {
    const change = { type: 'deleted', kind, id, scope, seq: this.#nextSeq() } as DeletedChange;
    this.#tombstones.add(change);
    return change;
  }

  #notify(change: FleetChange): void {
    this.#tombstones.forget();
    for (const listener of this.#listeners) listener(change);
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
