import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { shownState } from '../fleet/cache.ts';
import { useFleet, useRows } from '../fleet/fleet-context.ts';
import { newestFirst, topJobs } from '../fleet/job-order.ts';
import { vmPageQuery } from '../fleet/queries.ts';
import { useMe, useWhyNot } from '../session/session-context.ts';
import { actionWords } from './action-words.ts';
import { paletteItems, type PagePath, type PaletteItem } from './items.ts';
import type { Recent } from './recent.ts';

/** Larger fleets are searched by the service alone, which finds words instead of letters. */
const mostKnown = 1000;
const knownForMs = 300_000;
const byName = { sort: 'name', descending: false } as const;

const mostFound = 20;

const pages: readonly PagePath[] = ['/', '/vms', '/hosts', '/jobs', '/audit', '/sessions'];

/** Returns the entries for a text, and whether the service is still searching. */
export function usePaletteItems(
  typed: string,
  /** The text after a pause in typing, which is sent to the service. */
  settled: string,
  recent: readonly Recent[],
): { readonly items: readonly PaletteItem[]; readonly isSearching: boolean } {
  const fleet = useFleet();
  const vms = useRows('vm');
  const hosts = useRows('host');
  const clusters = useRows('cluster');
  const jobs = useRows('job');
  const whyNot = useWhyNot();
  const me = useMe();
  const subject = actionWords(settled).find((words) => words.subject !== '')?.subject ?? settled.trim();
  const spec = useMemo(() => ({ ...byName, search: subject }), [subject]);
  const found = useQuery({ ...vmPageQuery(fleet, spec, 0, mostFound), enabled: subject !== '' });
  const ids = found.data?.ids;
  useQuery({ ...vmPageQuery(fleet, byName, 0, mostKnown), staleTime: knownForMs });
  const sortedJobs = useMemo(() => [...topJobs(jobs)].sort(newestFirst), [jobs]);
  const items = useMemo(
    () =>
      paletteItems(typed, recent, {
        vms,
        hosts,
        clusters,
        jobs: sortedJobs,
        found: new Set(ids),
        shownState: (vm) => shownState(fleet.cache, vm),
        whyNot,
        pages: pages.filter(
          (path) =>
            (path !== '/audit' || whyNot('audit') === null) &&
            (path !== '/sessions' || me?.principal.method === 'session'),
        ),
      }),
    [typed, recent, vms, hosts, clusters, sortedJobs, ids, fleet, whyNot, me],
  );
  return { items, isSearching: found.isFetching || typed.trim() !== settled.trim() };
}
