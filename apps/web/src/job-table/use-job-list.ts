import { useQueries } from '@tanstack/react-query';
import type { Job } from '@aether-v/types';
import { useMemo, useState } from 'react';
import { useFleet, useRows } from '../fleet/fleet-context.ts';
import { filteredJobsQuery, type JobFilter } from '../fleet/job-filter.ts';
import { childJobsQuery, pageSize } from '../fleet/queries.ts';
import type { TableRow } from '../table/column.ts';

/** A list of jobs as far as it was read, newest first. */
export interface JobList {
  /** The jobs, each followed by its children if they are shown. */
  readonly rows: readonly TableRow<Job>[];
  /** The number of jobs in the list; null until the first response. */
  readonly total: number | null;
  readonly error: Error | null;
  readonly hasMore: boolean;
  readonly readMore: () => void;
  readonly toggle: (job: Job) => void;
}

/** Reads jobs that match a filter, updated live; `matches` filters what the service cannot. */
export function useJobList(filter: JobFilter, matches: (job: Job) => boolean, readsAll: boolean): JobList {
  const fleet = useFleet();
  const [wanted, setWanted] = useState<{ readonly filter: JobFilter; readonly pages: number }>({
    filter,
    pages: 1,
  });
  const [expanded, setExpanded] = useState<ReadonlySet<string>>(new Set());
  const jobs = useRows('job');
  const head = useQueries({ queries: [filteredJobsQuery(fleet, filter, 0)] })[0];
  const total = head.data?.total ?? null;
  const all = Math.max(1, Math.ceil((total ?? 0) / pageSize));
  const pages = readsAll ? all : Math.min(all, wanted.filter === filter ? wanted.pages : 1);
  const results = useQueries({
    queries: Array.from({ length: pages }, (_, page) => filteredJobsQuery(fleet, filter, page)),
  });
  const byId = useMemo(() => new Map(jobs.map((job) => [job.id, job])), [jobs]);
  useQueries({
    queries: [...expanded].map((id) => ({
      ...childJobsQuery(fleet, id),
      enabled: jobs.filter(({ parentId }) => parentId === id).length < (byId.get(id)?.children?.total ?? 0),
    })),
  });
  // A job that arrives between two reads moves others to the next page, so that one can be on both.
  const ids = [...new Set(results.flatMap(({ data }) => data?.ids ?? []))];
  const rows = ids.flatMap((id): TableRow<Job>[] => {
    const row = byId.get(id);
    if (!row || !matches(row)) return [];
    if (!row.children) return [{ key: id, row }];
    const isExpanded = expanded.has(id);
    const parent = { key: id, row, expanded: isExpanded };
    return isExpanded ? [parent, ...partsOf(row, jobs)] : [parent];
  });
  return {
    rows,
    total,
    error: total === null ? head.error : null,
    hasMore: pages < all,
    readMore: () => setWanted({ filter, pages: pages + 1 }),
    toggle({ id }) {
      const next = new Set(expanded);
      if (!next.delete(id)) next.add(id);
      setExpanded(next);
    },
  };
}

function partsOf({ id }: Job, jobs: readonly Job[]): TableRow<Job>[] {
  return jobs
    .filter(({ parentId }) => parentId === id)
    .sort((a, b) => (a.step?.number ?? 0) - (b.step?.number ?? 0))
    .map((row) => ({ key: `${id} ${row.id}`, row, level: 2 }));
}
