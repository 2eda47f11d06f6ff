import { useQueries, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useFleet, useRows, useStreamStatus } from '../fleet/fleet-context.ts';
import { knownVms } from '../fleet/known-vms.ts';
import type { VmListSpec } from '../fleet/list-spec.ts';
import { pageSize, vmPageQuery } from '../fleet/queries.ts';

/** The visible part of a list. */
export interface VmWindow {
  /** The total number; null until the first response. */
  readonly total: number | null;
  readonly error: Error | null;
  /** True if the visible list still belongs to the previous filter. */
  readonly isBehind: boolean;
  /** True if the service is unreachable, and the list consists of rows that this console has already read. */
  readonly isKnownOnly: boolean;
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
  const known = useKnownVms(spec, wanted.data === undefined);
  const isBehind = shown !== spec && JSON.stringify(shown) !== JSON.stringify(spec);
  if (isBehind && wanted.data) setShown(spec);
  const all = [...new Set([0, ...pages])];
  const results = useQueries({ queries: all.map((page) => vmPageQuery(fleet, shown, page)) });
  if (known)
    return {
      total: known.length,
      error: null,
      isBehind: false,
      isKnownOnly: true,
      shown: spec,
      idAt: (index) => known[index] ?? null,
      indexOf: (id) => known.indexOf(id),
    };
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
    isKnownOnly: false,
    shown,
    idAt: (index) => ids.get(index) ?? null,
    indexOf: (id) => places.get(id) ?? -1,
  };
}

/** Returns the known VMs of a list that the service cannot be asked for, because it is unreachable; otherwise null. */
function useKnownVms(spec: VmListSpec, isUnread: boolean): readonly string[] | null {
  const vms = useRows('vm');
  const isUnreachable = useStreamStatus().state === 'unreachable';
  const isNeeded = isUnread && isUnreachable && vms.length > 0;
  return useMemo(() => (isNeeded ? knownVms(vms, spec) : null), [isNeeded, vms, spec]);
}

/** Returns the pages that contain these rows. */
export function pagesOf(indexes: readonly number[]): readonly number[] {
  return [...new Set(indexes.map((index) => Math.floor(index / pageSize)))];
}
