import { queryOptions, type QueryClient } from '@tanstack/react-query';
import { maxChildren, summaryOfVm, type Job, type JobLogLine, type VmSummary } from '@aether-v/types';
import { api, type ConflictingVm, type One } from './api.ts';
import type { RowChange } from './cache.ts';
import type { Fleet } from './fleet.ts';
import { newestFirst } from './job-order.ts';
import type { VmListSpec } from './list-spec.ts';
import { keys } from './live-lists.ts';
import { ApiProblem, ServiceUnreachable } from './problem.ts';

/** Rows per page of a list. */
export const pageSize = 100;

/** A page of a list: its ids, and the total number. */
export interface IdPage {
  readonly ids: readonly string[];
  readonly total: number;
}

const vmRow = (row: VmSummary): RowChange => ({ kind: 'vm', id: row.id, row });
const jobRow = (row: Job): RowChange => ({ kind: 'job', id: row.id, row });

/** The first read is retried while the service is unreachable; its refusals are final. */
function retryWhileUnreachable(_count: number, error: Error): boolean {
  return error instanceof ServiceUnreachable;
}

/** Reads clusters and hosts, the name of the environment, and the version from which the stream continues. */
export function inventoryQuery(fleet: Fleet) {
  return queryOptions({
    queryKey: keys.inventory,
    queryFn: async ({ signal, client }) => {
      const inventory = await api.inventory(signal);
      fleet.read(
        inventory.version,
        [
          ...inventory.clusters.map((row) => ({ kind: 'cluster' as const, id: row.id, row })),
          ...inventory.hosts.map((row) => ({ kind: 'host' as const, id: row.id, row })),
        ],
        { cluster: () => true, host: () => true },
      );
      fleet.follow(inventory.version);
      client.setQueryData(keys.totals, inventory.totals);
      return {
        environmentName: inventory.environmentName,
        clusterIds: inventory.clusters.map(({ id }) => id),
        hostIds: inventory.hosts.map(({ id }) => id),
      };
    },
    retry: retryWhileUnreachable,
    staleTime: Infinity,
  });
}

/**
 * Reads the number of VMs in each state, with a separate count for unreachable hosts. Separate from the inventory
 * because every power action changes it.
 */
export function totalsQuery() {
  return queryOptions({
    queryKey: keys.totals,
    queryFn: async ({ signal }) => (await api.inventory(signal)).totals,
  });
}

/** Reads a page of VMs. */
export function vmPageQuery(fleet: Fleet, spec: VmListSpec, page: number, size = pageSize) {
  return queryOptions({
    queryKey: [...keys.vmList(spec), size, page],
    queryFn: async ({ signal }): Promise<IdPage> => {
      const { items, total, version } = await api.vms(spec, page * size, size, signal);
      fleet.read(version, items.map(vmRow));
      return { ids: items.map(({ id }) => id), total };
    },
  });
}

/** Rows per read of a whole list: the service's limit. */
const mostPerRead = 1000;

/** The time in milliseconds for which the conflicts of a whole fleet are not read again; the stream reports new ones. */
const conflictsForMs = 300_000;

/** Reads the VMs in conflict. The service has no filter for them, so a few fields of all VMs are read. */
export function conflictingVmsQuery() {
  return queryOptions({
    queryKey: keys.conflicts,
    staleTime: conflictsForMs,
    queryFn: async ({ signal }): Promise<readonly ConflictingVm[]> => {
      const found: ConflictingVm[] = [];
      for (let offset = 0; ; offset += mostPerRead) {
        const { items, total } = await api.vmConflicts(offset, mostPerRead, signal);
        found.push(...items.filter(({ conflict }) => conflict !== null));
        if (items.length === 0 || offset + items.length >= total) return found;
      }
    },
  });
}

/** Reads the ids of the VMs at these positions of a list, both inclusive. */
export async function readVmIds(
  fleet: Fleet,
  queries: QueryClient,
  spec: VmListSpec,
  [from, to]: readonly [number, number],
): Promise<readonly string[]> {
  const pages: Promise<IdPage>[] = [];
  for (let page = Math.floor(from / mostPerRead); page <= Math.floor(to / mostPerRead); page++)
    pages.push(queries.query(vmPageQuery(fleet, spec, page, mostPerRead)));
  const ids = (await Promise.all(pages)).flatMap((page) => page.ids);
  const offset = Math.floor(from / mostPerRead) * mostPerRead;
  return ids.slice(from - offset, to - offset + 1);
}

/** Reads one object and its row, so that its page does not depend on a list; resolves to null if it does not exist. */
async function readOne<T>(
  fleet: Fleet,
  read: Promise<One<T>>,
  change: (object: T) => RowChange,
  { kind, id }: Pick<RowChange, 'kind' | 'id'>,
): Promise<T | null> {
  try {
    const { row, version } = await read;
    fleet.read(version, [change(row)]);
    return row;
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.code !== 'not-found') throw error;
    fleet.missing(kind, id);
    return null;
  }
}

/** Reads all of one VM; its row is part of every list. Refetched whenever the stream reports a change. */
export function vmQuery(fleet: Fleet, id: string) {
  return queryOptions({
    queryKey: keys.vm(id),
    queryFn: ({ signal }) =>
      readOne(fleet, api.vm(id, signal), (vm) => vmRow(summaryOfVm(vm)), { kind: 'vm', id }),
  });
}

/** Reads one job. */
export function jobQuery(fleet: Fleet, id: string) {
  return queryOptions({
    queryKey: keys.job(id),
    queryFn: ({ signal }) => readOne(fleet, api.job(id, signal), jobRow, { kind: 'job', id }),
  });
}

/**
 * Reads a page of jobs, newest first, and returns the ids to list; a parent stands for its children. The first page shows
 * which of the newer jobs were deleted.
 */
export function jobPageQuery(fleet: Fleet, page: number) {
  return queryOptions({
    queryKey: [...keys.jobLists, page],
    queryFn: async ({ signal }): Promise<IdPage> => {
      const query = { topLevel: true, offset: page * pageSize, limit: pageSize };
      const { items, total, version } = await api.jobs(query, signal);
      const oldest = items.length < total ? items.at(-1) : undefined;
      const isCovered = (id: string): boolean => {
        const job = fleet.row('job', id);
        const isTop = job === null || job.parentId === null || fleet.row('job', job.parentId) === null;
        return isTop && (!oldest || (job !== null && newestFirst(job, oldest) <= 0));
      };
      fleet.read(version, items.map(jobRow), page === 0 ? { job: isCovered } : {});
      return { ids: items.map(({ id }) => id), total };
    },
  });
}

/** Reads all children of a job. */
export function childJobsQuery(fleet: Fleet, parentId: string) {
  return queryOptions({
    queryKey: keys.childJobs(parentId),
    queryFn: async ({ signal }) => {
      const { items, version } = await api.jobs({ parentId: [parentId], limit: maxChildren }, signal);
      fleet.read(version, items.map(jobRow));
      return items.length;
    },
  });
}

/** The part of a job's log that was read. */
export interface ReadLog {
  readonly lines: readonly JobLogLine[];
  /** The number of the next line to read. */
  readonly next: number;
}

/** Reads the whole log of a job. A refetch continues after the last known line. */
export function jobLogQuery(id: string) {
  return queryOptions({
    queryKey: keys.jobLog(id),
    queryFn: async ({ signal, client }): Promise<ReadLog> => {
      let log = client.getQueryData<ReadLog>(keys.jobLog(id)) ?? { lines: [], next: 0 };
      for (;;) {
        const { items, offset, total } = await api.jobLog(id, log.next, signal);
        if (items.length > 0) log = { lines: [...log.lines, ...items], next: offset + items.length };
        if (items.length === 0 || log.next >= total) return log;
      }
    },
  });
}
