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

/** A row with the position it was seen at; a null row is a tombstone, so that an older read cannot bring it back. */
interface Entry<T> {
  readonly row: T | null;
  readonly seq: number;
}

type Tables = { readonly [K in RowKind]: ReadonlyMap<string, Entry<Rows[K]>> };

/** What a VM shows from the moment a job for it is accepted until its own row moves on, or the job fails. */
interface Pending {
  readonly jobId: string;
  readonly from: VmState;
  readonly shows: VmState;
  /** The job has ended well, but the VM's row has not arrived yet. */
  readonly settled: boolean;
}

/** Everything the console knows of the fleet, by id. Immutable: each fold gives a new one and shares what stayed. */
export interface FleetCache {
  readonly epoch: string | null;
  readonly tables: Tables;
  readonly pending: ReadonlyMap<string, Pending>;
}

/** A row of any kind. */
export type RowChange = {
  [K in RowKind]: { readonly kind: K; readonly id: string; readonly row: Rows[K] };
}[RowKind];

/** What the stream says, with the position it says it at. */
export type FleetEvent =
  | { readonly type: 'row'; readonly version: string; readonly change: RowChange }
  | { readonly type: 'deleted'; readonly version: string; readonly kind: RowKind; readonly id: string }
  | { readonly type: 'reset'; readonly version: string };

export const emptyCache: FleetCache = {
  epoch: null,
  tables: { cluster: new Map(), host: new Map(), vm: new Map(), job: new Map() },
  pending: new Map(),
};

/** Any read or event of the present epoch is newer than this. */
const unverified = -1;

/** A job that the service has just accepted: of this epoch, but no read or event has told of it yet. */
const accepted = 0;

/** Of each kind, which rows a read would have had if they were there. */
export type Coverage = { readonly [K in RowKind]?: (id: string) => boolean };

function unverifiedRows<T>(table: ReadonlyMap<string, Entry<T>>): Map<string, Entry<T>> {
  const kept = new Map<string, Entry<T>>();
  for (const [id, { row }] of table) if (row !== null) kept.set(id, { row, seq: unverified });
  return kept;
}

/** A cache being changed: copies a table on the first write to it, so that a batch costs one copy per table. */
class Draft {
  private readonly tables: { [K in RowKind]: ReadonlyMap<string, Entry<Rows[K]>> };
  private readonly copied = new Set<RowKind>();
  private pending: Map<string, Pending> | null = null;
  private epoch: string | null;
  private readonly base: FleetCache;

  constructor(base: FleetCache) {
    this.base = base;
    this.tables = { ...base.tables };
    this.epoch = base.epoch;
  }

  enter(version: FleetVersion): void {
    if (this.epoch === version.epoch) return;
    if (this.epoch !== null) this.forgetPositions();
    this.epoch = version.epoch;
  }

  /** Positions of another epoch say nothing: rows stay on screen, and whatever is read next replaces them. */
  forgetPositions(): void {
    const { cluster, host, vm, job } = this.tables;
    this.replace('cluster', unverifiedRows(cluster));
    this.replace('host', unverifiedRows(host));
    this.replace('vm', unverifiedRows(vm));
    this.replace('job', unverifiedRows(job));
    this.pending = new Map();
  }

  set<K extends RowKind>(kind: K, id: string, row: Rows[K] | null, seq: number): void {
    const known = this.tables[kind].get(id);
    if (known && known.seq > seq) return;
    this.table(kind).set(id, { row, seq });
    if (kind === 'vm') this.vmChanged(id, row as VmSummary | null);
    if (kind === 'job' && row) this.jobChanged(known ? null : (row as Job), row as Job);
  }

  row<K extends RowKind>(kind: K, id: string): Rows[K] | null {
    return this.tables[kind].get(id)?.row ?? null;
  }

  /** A job that was accepted just now shows at its VM at once; its row may come by the stream before or after. */
  accept(job: Job): void {
    if (this.tables.job.has(job.id)) return;
    this.table('job').set(job.id, { row: job, seq: accepted });
    this.jobChanged(job, job);
  }

  done(): FleetCache {
    return { epoch: this.epoch, tables: this.tables, pending: this.pending ?? this.base.pending };
  }

  private table<K extends RowKind>(kind: K): Map<string, Entry<Rows[K]>> {
    const copy = this.copied.has(kind);
    const table = copy
      ? (this.tables[kind] as Map<string, Entry<Rows[K]>>)
      : new Map<string, Entry<Rows[K]>>(this.tables[kind]);
    this.replace(kind, table);
    return table;
  }

  private replace<K extends RowKind>(kind: K, table: Map<string, Entry<Rows[K]>>): void {
    const tables: { [P in K]: ReadonlyMap<string, Entry<Rows[P]>> } = this.tables;
    tables[kind] = table;
    this.copied.add(kind);
  }

  private editPending(): Map<string, Pending> {
    this.pending ??= new Map(this.base.pending);
    return this.pending;
  }

  private vmChanged(id: string, row: VmSummary | null): void {
    const pending = (this.pending ?? this.base.pending).get(id);
    if (pending && (!row || pending.settled || row.state !== pending.from)) this.editPending().delete(id);
  }

  private jobChanged(fresh: Job | null, job: Job): void {
    if (job.vmId === null) return;
    const pending = (this.pending ?? this.base.pending).get(job.vmId);
    if (pending?.jobId === job.id && (isJobFinal(job.state) || job.state === 'unknown')) {
      if (job.state === 'succeeded') this.editPending().set(job.vmId, { ...pending, settled: true });
      else this.editPending().delete(job.vmId);
    }
    const action = vmActionOf(job.op);
    const vm = this.row('vm', job.vmId);
    if (!fresh || !action || !vm || !isActive(job)) return;
    const { allowedStates, transition } = vmActions[action];
    if (!allowedStates.some((state) => state === vm.state)) return;
    this.editPending().set(job.vmId, { jobId: job.id, from: vm.state, shows: transition, settled: false });
  }
}

/** Folds events, in their order, into the cache. */
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

/** Folds one event. */
export function applyEvent(cache: FleetCache, event: FleetEvent): FleetCache {
  return applyEvents(cache, [event]);
}

/**
 * Folds what a read answered; rows that an event has already brought further stay. Rows that the read covers and does
 * not have are gone, unless they are newer than it; a job that was accepted a moment ago may be.
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

/** A read found that the row is not there. */
export function applyMissing(cache: FleetCache, kind: RowKind, id: string): FleetCache {
  const draft = new Draft(cache);
  const seq = cache.tables[kind].get(id)?.seq;
  if (seq === undefined) return cache;
  draft.set(kind, id, null, seq);
  return draft.done();
}

/** Folds a job that the service has just accepted. */
export function applyAccepted(cache: FleetCache, job: Job): FleetCache {
  const draft = new Draft(cache);
  draft.accept(job);
  return draft.done();
}

export function rowOf<K extends RowKind>(cache: FleetCache, kind: K, id: string): Rows[K] | null {
  return cache.tables[kind].get(id)?.row ?? null;
}

/** The row, if this epoch has spoken of it: what is only left over from another says nothing about lists. */
export function verifiedRow<K extends RowKind>(cache: FleetCache, kind: K, id: string): Rows[K] | null {
  const entry = cache.tables[kind].get(id);
  return entry && entry.seq > unverified ? entry.row : null;
}

/** All rows of a kind that are there, in no order. */
export function rowsOf<K extends RowKind>(cache: FleetCache, kind: K): Rows[K][] {
  const rows: Rows[K][] = [];
  for (const entry of cache.tables[kind].values()) if (entry.row) rows.push(entry.row);
  return rows;
}

/** The state that a VM shows: its own, or the transition of a job that has been accepted. */
export function shownState(cache: FleetCache, vm: VmSummary): VmState {
  return cache.pending.get(vm.id)?.shows ?? vm.state;
}
