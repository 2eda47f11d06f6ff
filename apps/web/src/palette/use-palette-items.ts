import { useQuery } from '@tanstack/react-query';
import { useMemo, useSyncExternalStore } from 'react';
import type { RowKind, Rows } from '@aether-v/types';
import { rowOf, rowsOf, shownState, type FleetCache } from '../fleet/cache.ts';
import { useFleet } from '../fleet/fleet-context.ts';
import { newestFirst, topJobs } from '../fleet/job-order.ts';
import { vmPageQuery } from '../fleet/queries.ts';
import { useMe, useWhyNot } from '../session/session-context.ts';
import { actionWords } from './action-words.ts';
import { paletteItems, type PagePath, type PaletteItem } from './items.ts';
import type { Recent } from './recent.ts';

/**
 * The VMs that are read for a search by letters, such as `sqlrep02`. The service searches all VMs for each word, whatever
 * the size of the fleet.
 */
const mostKnown = 1000;
const knownForMs = 300_000;
const byName = { sort: 'name', descending: false } as const;

const mostFound = 20;

const pages: readonly PagePath[] = ['/', '/vms', '/hosts', '/jobs', '/audit', '/sessions'];

/** The rows that the palette searches. */
type PaletteRows = { readonly [K in RowKind as `${K}s`]: readonly Rows[K][] };

/** Returns the recent objects only: what the palette shows when it opens does not depend on the size of the fleet. */
function recentRows(cache: FleetCache, recent: readonly Recent[]): PaletteRows {
  const of = <K extends RowKind>(wanted: K): Rows[K][] =>
    recent.flatMap(({ kind, id }) => (kind === wanted ? (rowOf(cache, wanted, id) ?? []) : []));
  return { vms: of('vm'), hosts: of('host'), clusters: of('cluster'), jobs: of('job') };
}

function allRows(cache: FleetCache): PaletteRows {
  const jobs = [...topJobs(rowsOf(cache, 'job'))].sort(newestFirst);
  return { vms: rowsOf(cache, 'vm'), hosts: rowsOf(cache, 'host'), clusters: rowsOf(cache, 'cluster'), jobs };
}

/** Returns the entries for a text, and whether the service is still searching. */
export function usePaletteItems(
  typed: string,
  /** The text after a pause in typing, which is sent to the service. */
  settled: string,
  recent: readonly Recent[],
): { readonly items: readonly PaletteItem[]; readonly isSearching: boolean } {
  const fleet = useFleet();
  const cache = useSyncExternalStore(fleet.subscribe, () => fleet.cache);
  const isTyped = typed.trim() !== '';
  const whyNot = useWhyNot();
  const me = useMe();
  const subject = actionWords(settled).find((words) => words.subject !== '')?.subject ?? settled.trim();
  const spec = useMemo(() => ({ ...byName, search: subject }), [subject]);
  const found = useQuery({ ...vmPageQuery(fleet, spec, 0, mostFound), enabled: subject !== '' });
  const ids = found.data?.ids;
  useQuery({ ...vmPageQuery(fleet, byName, 0, mostKnown), staleTime: knownForMs, enabled: isTyped });
  const rows = useMemo(
    () => (isTyped ? allRows(cache) : recentRows(cache, recent)),
    [isTyped, cache, recent],
  );
  const items = useMemo(
    () =>
      paletteItems(typed, recent, {
        ...rows,
        found: new Set(ids),
        shownState: (vm) => shownState(cache, vm),
        whyNot,
        pages: pages.filter(
          (path) =>
            (path !== '/audit' || whyNot('audit') === null) &&
            (path !== '/sessions' || me?.principal.method === 'session'),
        ),
      }),
    [typed, recent, rows, ids, cache, whyNot, me],
  );
  return { items, isSearching: found.isFetching || typed.trim() !== settled.trim() };
}
