import { randomBytes } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { RowKind, Rows, Vm } from '@aether-v/types';
import { systemClock, type Clock } from '../common/clock.ts';
import { formatVersion, parseVersion } from './fleet-version.ts';

/** A row that came or changed, as it now is. */
export type RowChange = {
  [K in RowKind]: {
    readonly type: 'row';
    readonly kind: K;
    readonly id: string;
    readonly row: Readonly<Rows[K]>;
    readonly seq: number;
  };
}[RowKind];

/** A row that is gone. */
export interface DeletedChange {
  readonly type: 'deleted';
  readonly kind: RowKind;
  readonly id: string;
  readonly seq: number;
}

/** What happened to a row; `seq` is its place in the fleet's sequence. */
export type FleetChange = RowChange | DeletedChange;

/** Why a version cannot be resumed from. */
export type ResetReason = 'epoch' | 'too-old' | 'invalid';

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
}

/** How long the store remembers that a row was deleted, in milliseconds. */
export const tombstoneLifetime = 15 * 60_000;

interface Entry {
  change: FleetChange;
  at: number;
  older: Entry | undefined;
  newer: Entry | undefined;
}

const noVms: ReadonlySet<string> = new Set();

/**
 * Everything known of the fleet, in memory: one row for each id, and one sequence over all kinds that numbers every
 * change of meaning. Rows are never changed in place: `put` a new one.
 *
 * There is no log of events. Each row, and each deleted row for 15 minutes, remembers the number of its last change;
 * entries are chained in that order, so what changed since any version is the end of the chain.
 */
export class FleetStore {
  readonly epoch: string;
  readonly #clock: Clock;
  readonly #entries: { readonly [K in RowKind]: Map<string, Entry> } = {
    cluster: new Map(),
    host: new Map(),
    vm: new Map(),
    job: new Map(),
  };
  readonly #rows: { readonly [K in RowKind]: Map<string, Readonly<Rows[K]>> } = {
    cluster: new Map(),
    host: new Map(),
    vm: new Map(),
    job: new Map(),
  };
  readonly #tombstones = new Set<Entry>();
  readonly #vmsByHost = new Map<string, Set<string>>();
  readonly #listeners = new Set<(change: FleetChange) => void>();
  #newest: Entry | undefined;
  #seq = 0;
  #forgottenSeq = 0;

  constructor(options: FleetStoreOptions = {}) {
    this.#clock = options.clock ?? systemClock;
    this.epoch = options.epoch ?? this.#clock.now().toString(36) + randomBytes(4).toString('hex');
  }

  /** The fleet's version now, `epoch.seq`. */
  get version(): string {
    return formatVersion(this.epoch, this.#seq);
  }

  /** The row of this kind and id. */
  get<K extends RowKind>(kind: K, id: string): Readonly<Rows[K]> | undefined {
    return this.#rows[kind].get(id);
  }

  /** All rows of a kind, live and in the order in which they first came. */
  rows<K extends RowKind>(kind: K): ReadonlyMap<string, Readonly<Rows[K]>> {
    return this.#rows[kind];
  }

  /** The ids of the VMs whose `hostId` this is. */
  vmIdsOfHost(hostId: string): ReadonlySet<string> {
    return this.#vmsByHost.get(hostId) ?? noVms;
  }

  /** The number of the row's last change. */
  changedSeq(kind: RowKind, id: string): number | undefined {
    return this.#entries[kind].get(id)?.change.seq;
  }

  /** Keeps a row. Only where its meaning changed does that make a change. @returns Whether it did. */
  put<K extends RowKind>(kind: K, row: Rows[K]): boolean {
    const { id } = row;
    const rows: Map<string, Readonly<Rows[K]>> = this.#rows[kind];
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
    const from = parseVersion(version);
    if (from === undefined) return { reset: 'invalid', version: this.version };
    if (from.epoch !== this.epoch) return { reset: 'epoch', version: this.version };
    if (from.seq > this.#seq) return { reset: 'invalid', version: this.version };
    this.#forgetTombstones();
    if (from.seq < this.#forgottenSeq) return { reset: 'too-old', version: this.version };
    const changes: FleetChange[] = [];
    for (let entry = this.#newest; entry !== undefined && entry.change.seq > from.seq; entry = entry.older) {
      changes.push(entry.change);
    }
    changes.reverse();
    if (changes.length <= limit) return { changes, version: this.version, more: false };
    const first = changes.slice(0, limit);
    return { changes: first, version: formatVersion(this.epoch, first.at(-1)?.seq ?? from.seq), more: true };
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
    const entries = this.#entries[change.kind];
    const known = entries.get(change.id);
    const entry = known ?? { change, at: 0, older: undefined, newer: undefined };
    if (known === undefined) entries.set(change.id, entry);
    else this.#unlink(known);
    entry.change = change;
    entry.at = this.#clock.now();
    entry.older = this.#newest;
    entry.newer = undefined;
    if (this.#newest !== undefined) this.#newest.newer = entry;
    this.#newest = entry;
    // Deleting first keeps the set in the order of deletion, which #forgetTombstones relies on.
    this.#tombstones.delete(entry);
    if (change.type === 'deleted') this.#tombstones.add(entry);
    this.#forgetTombstones();
    for (const listener of this.#listeners) listener(change);
  }

  #unlink(entry: Entry): void {
    if (entry.older !== undefined) entry.older.newer = entry.newer;
    if (entry.newer !== undefined) entry.newer.older = entry.older;
    if (this.#newest === entry) this.#newest = entry.older;
  }

  #forgetTombstones(): void {
    const horizon = this.#clock.now() - tombstoneLifetime;
    for (const entry of this.#tombstones) {
      if (entry.at > horizon) return;
      this.#tombstones.delete(entry);
      this.#unlink(entry);
      this.#entries[entry.change.kind].delete(entry.change.id);
      this.#forgottenSeq = Math.max(this.#forgottenSeq, entry.change.seq);
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
