import type { QueryClient, QueryKey } from '@tanstack/react-query';
import { verifiedRow, type FleetCache, type FleetEvent } from './cache.ts';
import { touchesVmList, type VmListSpec } from './list-spec.ts';

/** Query keys; the first part is the kind, the second the specific query. */
export const keys = {
  inventory: ['inventory'] as const,
  totals: ['totals'] as const,
  conflicts: ['vm-conflicts'] as const,
  vmLists: ['vms'] as const,
  vmList: (spec: VmListSpec) => ['vms', spec] as const,
  vm: (id: string) => ['vm', id] as const,
  jobLists: ['jobs'] as const,
  filteredJobs: ['filtered-jobs'] as const,
  job: (id: string) => ['job', id] as const,
  childJobs: (parentId: string) => ['child-jobs', parentId] as const,
  jobLog: (id: string) => ['job-log', id] as const,
};

/** A burst of changes triggers one read: after a quiet period, and after a second at the latest. */
const quietMs = 200;
const latestMs = 1000;

function isSpec(part: unknown): part is VmListSpec {
  return typeof part === 'object' && part !== null && 'sort' in part;
}

/**
 * Refetches the visible lists whose members or order a change can affect, and the visible VM. Rows themselves need no
 * refetch.
 */
export class LiveLists {
  readonly #queries: QueryClient;
  readonly #due = new Map<string, QueryKey>();
  /** Lists that are being read, and whether a change has affected them since. */
  readonly #reading = new Map<string, boolean>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #firstAt = 0;

  constructor(queries: QueryClient) {
    this.#queries = queries;
  }

  touched(before: FleetCache, after: FleetCache, events: readonly FleetEvent[]): void {
    const vmIds = new Set<string>();
    const jobIds: string[] = [];
    for (const event of events) {
      if (event.type === 'reset') continue;
      const { kind, id } = event.type === 'row' ? event.change : event;
      if (kind === 'vm') vmIds.add(id);
      else if (kind === 'job') jobIds.push(id);
    }
    this.#touchedVms(before, after, vmIds);
    this.touchedJobs(before, jobIds);
    // A filter can be about the state of a job, or about what was done with it afterwards.
    const isChanged = (id: string): boolean => {
      const [old, job] = [verifiedRow(before, 'job', id), verifiedRow(after, 'job', id)];
      return old?.state !== job?.state || old?.acknowledgedAt !== job?.acknowledgedAt;
    };
    if (jobIds.some(isChanged)) this.#plan(keys.filteredJobs);
  }

  /** A new job belongs at the top of every list of jobs. */
  touchedJobs(before: FleetCache, ids: readonly string[]): void {
    if (!ids.some((id) => !verifiedRow(before, 'job', id))) return;
    this.#plan(keys.jobLists);
    this.#plan(keys.filteredJobs);
  }

  #touchedVms(before: FleetCache, after: FleetCache, ids: ReadonlySet<string>): void {
    if (ids.size === 0) return;
    for (const id of ids) {
      if (
        this.#queries
          .getQueryCache()
          .find({ queryKey: keys.vm(id) })
          ?.isActive()
      )
        this.#plan(keys.vm(id));
    }
    const pairs = [...ids].map(
      (id) => [verifiedRow(before, 'vm', id), verifiedRow(after, 'vm', id)] as const,
    );
    if (
      pairs.some(([a, b]) => a?.state !== b?.state || a?.critical !== b?.critical || !a?.stale !== !b?.stale)
    )
      this.#plan(keys.totals);
    const seen = new Set<unknown>();
    for (const query of this.#queries.getQueryCache().findAll({ queryKey: keys.vmLists, type: 'active' })) {
      const spec: unknown = query.queryKey[1];
      if (seen.has(spec) || !isSpec(spec)) continue;
      seen.add(spec);
      if (pairs.some(([a, b]) => touchesVmList(spec, a, b))) this.#plan(keys.vmList(spec));
    }
  }

  #plan(key: QueryKey): void {
    const now = Date.now();
    if (this.#due.size === 0) this.#firstAt = now;
    this.#due.set(JSON.stringify(key), key);
    clearTimeout(this.#timer);
    const delay = Math.max(0, Math.min(quietMs, this.#firstAt + latestMs - now));
    this.#timer = setTimeout(() => this.#readDue(), delay);
  }

  /** One read of a list at a time: sustained changes must not cancel every read before it completes. */
  #readDue(): void {
    const due = [...this.#due];
    this.#due.clear();
    for (const [name, queryKey] of due) {
      const isReading = this.#reading.has(name);
      this.#reading.set(name, isReading);
      if (isReading) continue;
      void this.#queries.invalidateQueries({ queryKey }).finally(() => {
        const isTouched = this.#reading.get(name);
        this.#reading.delete(name);
        if (isTouched) this.#plan(queryKey);
      });
    }
  }
}
