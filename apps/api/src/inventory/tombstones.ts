import { isDeepStrictEqual } from 'node:util';
import type { RowKind } from '@aether-v/types';
import type { RowScopes } from '../auth/can-see.ts';
import type { Clock } from '../common/clock.ts';
import type { ChangeLog, Slot } from './change-log.ts';
import type { DeletedChange, FleetChange } from './fleet-change.ts';

/** The lifetime of a tombstone, in milliseconds. */
export const tombstoneLifetime = 15 * 60_000;

interface Tombstone {
  readonly slot: Slot<FleetChange>;
  readonly change: DeletedChange;
  readonly at: number;
}

/** The tombstones in the log: at most `max`, each for 15 minutes. A row has one per scope that it left. */
export class Tombstones {
  readonly #log: ChangeLog<FleetChange>;
  readonly #clock: Clock;
  readonly #max: number;
  /** Oldest first. */
  readonly #all = new Set<Tombstone>();
  readonly #byRow: { readonly [K in RowKind]: Map<string, readonly Tombstone[]> } = {
    cluster: new Map(),
    host: new Map(),
    vm: new Map(),
    job: new Map(),
  };
  #forgottenSeq = 0;

  constructor(log: ChangeLog<FleetChange>, clock: Clock, max: number) {
    this.#log = log;
    this.#clock = clock;
    this.#max = max;
  }

  /** The highest number of a forgotten tombstone; a reader that has not read that far may miss a deletion. */
  get forgottenSeq(): number {
    return this.#forgottenSeq;
  }

  /** The number of tombstones. */
  get size(): number {
    return this.#all.size;
  }

  /** Appends a tombstone to the log. */
  add(change: DeletedChange): void {
    const { kind, id } = change;
    const tombstone = { slot: this.#log.append(change), change, at: this.#clock.now() };
    this.#all.add(tombstone);
    this.#byRow[kind].set(id, [...this.#of(kind, id), tombstone]);
  }

  /** Removes the tombstone of a row that is back in the scope: its readers get the row instead. */
  remove<K extends RowKind>(kind: K, id: string, scope: RowScopes[K]): void {
    for (const tombstone of this.#of(kind, id)) {
      if (isDeepStrictEqual(tombstone.change.scope, scope)) this.#drop(tombstone);
    }
  }

  /** Forgets tombstones that are too old or too many. */
  forget(): void {
    const horizon = this.#clock.now() - tombstoneLifetime;
    for (const tombstone of this.#all) {
      if (tombstone.at > horizon && this.#all.size <= this.#max) return;
      this.#drop(tombstone);
      this.#forgottenSeq = Math.max(this.#forgottenSeq, tombstone.slot.seq);
    }
  }

  #of(kind: RowKind, id: string): readonly Tombstone[] {
    return this.#byRow[kind].get(id) ?? [];
  }

  #drop(tombstone: Tombstone): void {
    const { kind, id } = tombstone.change;
    this.#log.drop(tombstone.slot);
    this.#all.delete(tombstone);
    const others = this.#of(kind, id).filter((other) => other !== tombstone);
    if (others.length > 0) this.#byRow[kind].set(id, others);
    else this.#byRow[kind].delete(id);
  }
}
