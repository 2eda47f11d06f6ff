import { useQueries, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useFleet } from '../fleet/fleet-context.ts';
import type { VmListSpec } from '../fleet/list-spec.ts';
import { pageSize, vmPageQuery } from '../fleet/queries.ts';

/** The part of a list that is on the screen. */
export interface VmWindow {
  /** How many there are in all; null until the first answer. */
  readonly total: number | null;
  readonly error: Error | null;
  /** The list on the screen is still the one before this filter. */
  readonly isBehind: boolean;
  readonly shown: VmListSpec;
  readonly idAt: (index: number) => string | null;
  /** Where a VM is in what has been read; -1 when it is not there. */
  readonly indexOf: (id: string) => number;
}

/**
 * Reads the pages of a list that are on the screen. A new filter or order takes the place of the old one only when its
 * first page has arrived, so that the table never blinks empty.
 */
export function useVmWindow(spec: VmListSpec, pages: readonly number[]): VmWindow {
  const fleet = useFleet();
  const wanted = useQuery(vmPageQuery(fleet, spec, 0));
  const [shown, setShown] = useState(spec);
  const isBehind = shown !== spec && JSON.stringify(shown) !== JSON.stringify(spec);
  if (isBehind && wanted.data) setShown(spec);
  const all = [...new Set([0, ...pages])];
  const results = useQueries({ queries: all.map((page) => vmPageQuery(fleet, shown, page)) });
  // The pages may be of different moments, and a VM that moved between them is in both: its first place counts.
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

/** The pages that these rows are in. */
export function pagesOf(indexes: readonly number[]): readonly number[] {
  return [...new Set(indexes.map((index) => Math.floor(index / pageSize)))];
}
