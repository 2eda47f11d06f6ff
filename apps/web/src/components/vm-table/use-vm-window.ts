import { useQueries, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useFleet } from '../../fleet/fleet-context.ts';
import type { VmListSpec } from '../../fleet/list-spec.ts';
import { pageSize, vmPageQuery, type IdPage } from '../../fleet/queries.ts';

/** The part of a list that is on the screen. */
export interface VmWindow {
  /** How many there are in all; null until the first answer. */
  readonly total: number | null;
  readonly error: Error | null;
  /** The list on the screen is still the one before this filter. */
  readonly isBehind: boolean;
  readonly shown: VmListSpec;
  readonly idAt: (index: number) => string | null;
}

function pagesOf(first: number, last: number): number[] {
  const from = Math.floor(first / pageSize);
  const to = Math.floor(Math.max(first, last) / pageSize);
  return Array.from({ length: to - from + 1 }, (_, n) => from + n);
}

/**
 * Reads the pages of a list that are on the screen. A new filter or order takes the place of the old one only when its
 * first page has arrived, so that the table never blinks empty.
 */
export function useVmWindow(spec: VmListSpec, first: number, last: number): VmWindow {
  const fleet = useFleet();
  const wanted = useQuery(vmPageQuery(fleet, spec, 0));
  const [shown, setShown] = useState(spec);
  const isBehind = shown !== spec && JSON.stringify(shown) !== JSON.stringify(spec);
  if (isBehind && wanted.data) setShown(spec);
  const head = useQuery(vmPageQuery(fleet, shown, 0));
  const pages = pagesOf(first, last);
  const results = useQueries({ queries: pages.map((page) => vmPageQuery(fleet, shown, page)) });
  const byPage = new Map<number, IdPage | undefined>(pages.map((page, n) => [page, results[n]?.data]));
  byPage.set(0, head.data);
  return {
    total: head.data?.total ?? null,
    error: wanted.error ?? results.find(({ error }) => error)?.error ?? null,
    isBehind,
    shown,
    idAt: (index) => byPage.get(Math.floor(index / pageSize))?.ids[index % pageSize] ?? null,
  };
}
