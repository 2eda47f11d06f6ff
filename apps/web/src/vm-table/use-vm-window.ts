import { useQueries, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useFleet } from '../fleet/fleet-context.ts';
import type { VmListSpec } from '../fleet/list-spec.ts';
import { pageSize, vmPageQuery } from '../fleet/queries.ts';

/** The visible part of a list. */
export interface VmWindow {
  /** The total number; null until the first response. */
  readonly total: number | null;
  readonly error: Error | null;
  /** True if the visible list still belongs to the previous filter. */
  readonly isBehind: boolean;
  readonly shown: VmListSpec;
  readonly idAt: (index: number) => string | null;
  /** Returns the index of a VM in the pages read so far; -1 if it is not there. */
  readonly indexOf: (id: string) => number;
}

/**
 * Reads the pages of a list that are visible. A new filter or order replaces the old one only when its first page has
 * arrived, so that the table is never briefly empty.
 */
export function useVmWindow(spec: VmListSpec, pages: readonly number[]): VmWindow {
  const fleet = useFleet();
  const wanted = useQuery(vmPageQuery(fleet, spec, 0));
  const [shown, setShown] = useState(spec);
  const isBehind = shown !== spec && JSON.stringify(shown) !== JSON.stringify(spec);
  if (isBehind && wanted.data) setShown(spec);
  const all = [...new Set([0, ...pages])];
  const results = useQueries({ queries: all.map((page) => vmPageQuery(fleet, shown, page)) });
  // Pages may be from different moments, so a VM that moved between them can be in both; its first position counts.
  const ids = new Map<number, string>();
  const places = new Map<string, number>();
  for (const [n, page] of all.entries()) {
    for (const [offset, id] of (results[n]?.data?.ids ?? []).entries()) {
      const index = page * pageSize + offset;
      if (places.has(id)) continue;
      places.set(id, index);
      ids.set(index, id);
    }
  }
  return {
    total: results[0]?.data?.total ?? null,
    error: wanted.error ?? results.find(({ error }) => error)?.error ?? null,
    isBehind,
    shown,
    idAt: (index) => ids.get(index) ?? null,
    indexOf: (id) => places.get(id) ?? -1,
  };
}

/** Returns the pages that contain these rows. */
export function pagesOf(indexes: readonly number[]): readonly number[] {
  return [...new Set(indexes.map((index) => Math.floor(index / pageSize)))];
}
