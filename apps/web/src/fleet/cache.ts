import {
  isJobFinal,
  vmActionOf,
  vmActions,
  parseFleetVersion,
  type Job,
  type RowKind,
  type Rows,
  type VmSummary,
  type VmState,
  type FleetVersion,
} from '@aether-v/types';
import { isActive } from './is-active.ts';

/** A row with the version at which it was seen. A null row is a tombstone, so that an older read cannot restore it. */
interface Entry<T> {
  readonly row: T | null;
  readonly seq: number;
}

type Tables = { readonly [K in RowKind]: ReadonlyMap<string, Entry<Rows[K]>> };

/** The state shown for a VM from the moment its job is accepted until its own row changes, or the job fails. */
interface Pending {
  readonly jobId: string;
  readonly from: VmState;
  readonly shows: VmState;
  /** The job has succeeded, but the VM's new row has not arrived yet. */
  readonly settled: boolean;
}

/** The console's data of the fleet, by id. Immutable: each update returns a new cache that shares unchanged parts. */
export interface FleetCache {
  readonly epoch: string | null;
  readonly tables: Tables;
  readonly pending: ReadonlyMap<string, Pending>;
}

/** A row of any kind. */
export type RowChange = {
  [K in RowKind]: { readonly kind: K; readonly id: string; readonly row: Rows[K] };
}[RowKind];

/** An event of the stream, with its version. */
export type FleetEvent =
  | { readonly type: 'row'; readonly version: string; readonly change: RowChange }
  | { readonly type: 'deleted'; readonly version: string; readonly kind: RowKind; readonly id: string }
  | { readonly type: 'reset'; readonly version: string };

export const emptyCache: FleetCache = {
  epoch: null,
  tables: { cluster: new Map(), host: new Map(), vm: new Map(), job: new Map() },
  pending: new Map(),
};

/** Any read or event of the current epoch is newer than this. */
const unverified = -1;

/** The version of a job that was just accepted: in this epoch, but before any read or event. */
const accepted = 0;

/** For each kind, the rows that a read would have contained if they existed. */
export type Coverage = { readonly [K in RowKind]?: (id: string) => boolean };

function unverifiedRows<T>(table: ReadonlyMap<string, Entry<T>>): Map<string, Entry<T>> {
  const kept = new Map<string, Entry<T>>();
  for (const [id, { row }] of table) if (row !== null) kept.set(id, { row, seq: unverified });
  return kept;
}

/** A mutable copy of a cache: copies a table on its first write, so that a batch costs one copy per table. */
class Draft {
  readonly #tables: { [K in RowKind]: ReadonlyMap<string, Entry<Rows[K]>> };
  readonly #copied = new Set<RowKind>();
  #pending: Map<string, Pending> | null = null;
  #epoch: string | null;
  readonly #base: FleetCache;

  constructor(base: FleetCache) {
    this.#base = base;
    this.#tables = { ...base.tables };
    this.#epoch = base.epoch;
  }

  enter(version: FleetVersion): void {
    if (this.#epoch === version.epoch) return;
    if (this.#epoch !== null) this.forgetPositions();
    this.#epoch = version.epoch;
  }

  /** Versions of another epoch cannot be compared: rows stay on screen, and the next read replaces them. */
  forgetPositions(): void {
    const { cluster, host, vm, job } = this.#tables;
    this.#replace('cluster', unverifiedRows(cluster));
    this.#replace('host', unverifiedRows(host));
    this.#replace('vm', unverifiedRows(vm));
    this.#replace('job', unverifiedRows(job));
    this.#pending = new Map();
  }

  set<K extends RowKind>(kind: K, id: string, row: Rows[K] | null, seq: number): void {
    const known = this.#tables[kind].get(id);
    if (known && known.seq > seq) return;
    this.#table(kind).set(id, { row, seq });
    if (kind === 'vm') this.#vmChanged(id, row as VmSummary | null);
    if (kind === 'job' && row) this.#jobChanged(known ? null : (row as Job), row as Job);
  }

  row<K extends RowKind>(kind: K, id: string): Rows[K] | null {
    return this.#tables[kind].get(id)?.row ?? null;
  }

  /** Shows a job that was just accepted on its VM at once; its row may arrive by the stream before or after. */
  accept(job: Job): void {
    if (this.#tables.job.has(job.id)) return;
    this.#table('job').set(job.id, { row: job, seq: accepted });
    this.#jobChanged(job, job);
  }

  done(): FleetCache {
    return { epoch: this.#epoch, tables: this.#tables, pending: this.#pending ?? this.#base.pending };
  }

  #table<K extends RowKind>(kind: K): Map<string, Entry<Rows[K]>> {
    const copy = this.#copied.has(kind);
    const table = copy
      ? (this.#tables[kind] as Map<string, Entry<Rows[K]>>)
      : new Map<string, Entry<Rows[K]>>(this.#tables[kind]);
    this.#replace(kind, table);
    return table;
  }

  #replace<K extends RowKind>(kind: K, table: Map<string, Entry<Rows[K]>>): void {
    const tables: { [P in K]: ReadonlyMap<string, Entry<Rows[P]>> } = this.#tables;
    tables[kind] = table;
    this.#copied.add(kind);
  }

  #editPending(): Map<string, Pending> {
    this.#pending ??= new Map(this.#base.pending);
    return this.#pending;
  }

  #vmChanged(id: string, row: VmSummary | null): void {
    const pending = (this.#pending ?? this.#base.pending).get(id);
    if (pending && (!row || pending.settled || row.state !== pending.from)) this.#editPending().delete(id);
  }

  #jobChanged(fresh: Job | null, job: Job): void {
    const { kind, id: vmId } = job.subject;
    if (kind !== 'vm' || vmId === null) return;
    const pending = (this.#pending ?? this.#base.pending).get(vmId);
    if (pending?.jobId === job.id && (isJobFinal(job.state) || job.state === 'unknown')) {
      if (job.state === 'succeeded') this.#editPending().set(vmId, { ...pending, settled: true });
      else this.#editPending().delete(vmId);
    }
    const action = vmActionOf(job.command);
    const vm = this.row('vm', vmId);
    if (!fresh || !action || !vm || !isActive(job)) return;
    const { allowedStates, transition } = vmActions[action];
    if (!allowedStates.some((state) => state === vm.state)) return;
    this.#editPending().set(vmId, { jobId: job.id, from: vm.state, shows: transition, settled: false });
  }
}

/** Applies events in order. */
export function applyEvents(cache: FleetCache, events: readonly FleetEvent[]): FleetCache {
  const draft = new Draft(cache);
  for (const event of events) {
    const version = parseFleetVersion(event.version);
    if (!version) continue;
    draft.enter(version);
    if (event.type === 'reset') draft.forgetPositions();
    else if (event.type === 'deleted') draft.set(event.kind, event.id, null, version.seq);
    else draft.set(event.change.kind, event.change.id, event.change.row, version.seq);
  }
  return draft.done();
}

/** Applies one event. */
export function applyEvent(cache: FleetCache, event: FleetEvent): FleetCache {
  return applyEvents(cache, [event]);
}

/**
 * Applies a read; rows that an event has already updated further are kept. Rows that the read covers but does not
 * contain are deleted, unless they are newer than the read, as a job that was just accepted may be.
 */
export function applyRead(
  cache: FleetCache,
  versionText: string,
  rows: readonly RowChange[],
  covers: Coverage = {},
): FleetCache {
  const version = parseFleetVersion(versionText);
  if (!version) return cache;
  const draft = new Draft(cache);
  draft.enter(version);
  for (const change of rows) draft.set(change.kind, change.id, change.row, version.seq);
  const there = new Set(rows.map(({ kind, id }) => `${kind} ${id}`));
  for (const [kind, isCovered] of Object.entries(covers) as [RowKind, (id: string) => boolean][]) {
    for (const [id, { seq }] of cache.tables[kind]) {
      const mayBeNewer = kind === 'job' && seq === accepted;
      if (!mayBeNewer && !there.has(`${kind} ${id}`) && isCovered(id)) draft.set(kind, id, null, version.seq);
    }
  }
  return draft.done();
}

/** Records that a read did not find the row. */
export function applyMissing(cache: FleetCache, kind: RowKind, id: string): FleetCache {
  const draft = new Draft(cache);
  const seq = cache.tables[kind].get(id)?.seq;
  if (seq === undefined) return cache;
  draft.set(kind, id, null, seq);
  return draft.done();
}

/** Applies a job that was just accepted. */
export function applyAccepted(cache: FleetCache, job: Job): FleetCache {
  const draft = new Draft(cache);
  draft.accept(job);
  return draft.done();
}

export function rowOf<K extends RowKind>(cache: FleetCache, kind: K, id: string): Rows[K] | null {
  return cache.tables[kind].get(id)?.row ?? null;
}

/** Returns the row if it was confirmed in this epoch; one left over from another epoch must not affect lists. */
export function verifiedRow<K extends RowKind>(cache: FleetCache, kind: K, id: string): Rows[K] | null {
  const entry = cache.tables[kind].get(id);
  return entry && entry.seq > unverified ? entry.row : null;
}

/** Returns all existing rows of a kind, unordered. */
export function rowsOf<K extends RowKind>(cache: FleetCache, kind: K): Rows[K][] {
  const rows: Rows[K][] = [];
  for (const entry of cache.tables[kind].values()) if (entry.row) rows.push(entry.row);
  return rows;
}

/** Returns the state shown for a VM: its own, or the transition of an accepted job. */
export function shownState({ pending }: Pick<FleetCache, 'pending'>, vm: VmSummary): VmState {
  return pending.get(vm.id)?.shows ?? vm.state;
}
