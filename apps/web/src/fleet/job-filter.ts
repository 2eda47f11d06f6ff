import { queryOptions } from '@tanstack/react-query';
import type { Job, JobState } from '@aether-v/types';
import { api } from './api.ts';
import type { Fleet } from './fleet.ts';
import { keys } from './live-lists.ts';
import { pageSize, type IdPage } from './queries.ts';

/** A filter of jobs. Different parts must all match, values of one part any. */
export interface JobFilter {
  readonly states?: readonly JobState[];
  readonly hostIds?: readonly string[];
  readonly vmIds?: readonly string[];
  readonly actors?: readonly string[];
  readonly commands?: readonly string[];
  /** Created at this time or later, in ISO 8601. */
  readonly from?: string;
  /** Created before this time, in ISO 8601. */
  readonly to?: string;
  /** False for failed jobs that are not acknowledged. */
  readonly acknowledged?: boolean;
  /** True to list parents in place of their children. */
  readonly topLevel?: boolean;
}

/** The service's limit of values of one parameter. */
const mostValues = 100;

function queryOf(filter: JobFilter) {
  const { states, hostIds, vmIds, actors, commands, from, to, acknowledged, topLevel } = filter;
  return {
    ...(states && { state: [...states] }),
    ...(hostIds && { hostId: hostIds.slice(0, mostValues) }),
    ...(vmIds && { vmId: vmIds.slice(0, mostValues) }),
    ...(actors && { actor: [...actors] }),
    ...(commands && { command: [...commands] }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(acknowledged !== undefined && { acknowledged }),
    ...(topLevel !== undefined && { topLevel }),
  };
}

/** Reads a page of jobs that match a filter, newest first. */
export function filteredJobsQuery(fleet: Fleet, filter: JobFilter, page: number) {
  return queryOptions({
    queryKey: [...keys.filteredJobs, filter, page],
    queryFn: async ({ signal }): Promise<IdPage> => {
      const query = { ...queryOf(filter), offset: page * pageSize, limit: pageSize };
      const { items, total, version } = await api.jobs(query, signal);
      fleet.read(
        version,
        items.map((row) => ({ kind: 'job' as const, id: row.id, row })),
      );
      return { ids: items.map(({ id }) => id), total };
    },
  });
}

/** Reads all jobs that match a filter, newest first. */
export async function readJobs(filter: JobFilter): Promise<readonly Job[]> {
  const rows = new Map<string, Job>();
  for (let offset = 0; ;) {
    const { items, total } = await api.jobs({ ...queryOf(filter), offset, limit: 1000 });
    for (const job of items) rows.set(job.id, job);
    offset += items.length;
    if (items.length === 0 || offset >= total) return [...rows.values()];
  }
}
