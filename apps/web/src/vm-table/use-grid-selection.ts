import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useFleet } from '../fleet/fleet-context.ts';
import { readVmIds } from '../fleet/queries.ts';
import type { Selection } from './use-selection.ts';
import type { VmWindow } from './use-vm-window.ts';

interface GridSelection {
  /** The part of the list that is selected. */
  readonly state: 'all' | 'some' | 'none';
  readonly toggleAll: () => void;
  readonly handlers: {
    readonly onToggle: (index: number) => void;
    readonly onExtend: (from: number, to: number) => void;
    readonly onSelectAll: () => void;
    readonly onClear: () => boolean;
  };
}

/** Connects the selection with the positions of a list; ranges and `select all` include rows that were not read yet. */
export function useGridSelection(list: VmWindow, selection: Selection): GridSelection {
  const fleet = useFleet();
  const queries = useQueryClient();
  /** Only the last request for a range takes effect. */
  const request = useRef(0);
  const { ids, anchor, set, toggle, extend, clear } = selection;
  const total = list.total ?? 0;

  const withIds = (from: number, to: number, onIds: (ids: readonly string[]) => void): void => {
    request.current += 1;
    const mine = request.current;
    const known = Array.from({ length: to - from + 1 }, (_, n) => list.idAt(from + n));
    if (known.every((id) => id !== null)) {
      onIds(known);
      return;
    }
    readVmIds(fleet, queries, list.shown, [from, to])
      // While the service is unreachable, at least what is known is selected.
      .catch(() => known.filter((id) => id !== null))
      .then((all) => {
        if (mine === request.current) onIds(all);
      })
      .catch(() => undefined);
  };
  useEffect(
    () => () => {
      request.current += 1;
    },
    [list.shown],
  );

  const selectAll = (): void => {
    if (total > 0) withIds(0, total - 1, set);
  };
  const isAll = total > 0 && ids.size >= total && (list.idAt(0) === null || ids.has(list.idAt(0) ?? ''));
  const state = ids.size === 0 ? 'none' : isAll ? 'all' : 'some';
  return {
    state,
    toggleAll: () => (state === 'all' ? clear() : selectAll()),
    handlers: {
      onToggle(index) {
        const id = list.idAt(index);
        if (id !== null) toggle(id);
      },
      onExtend(from, to) {
        const start = anchor === null ? -1 : list.indexOf(anchor);
        const begin = start < 0 ? from : start;
        const id = list.idAt(begin);
        if (id !== null) withIds(Math.min(begin, to), Math.max(begin, to), (range) => extend(id, range));
      },
      onSelectAll: selectAll,
      onClear() {
        clear();
        return ids.size > 0;
      },
    },
  };
}
