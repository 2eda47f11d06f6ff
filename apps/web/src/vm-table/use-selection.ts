import { useMemo, useState, useSyncExternalStore } from 'react';
import { useFleet } from '../fleet/fleet-context.ts';
import { nothingSelected, ranged, replaced, toggled, without } from './selected.ts';

/**
 * The VMs selected in a list, by id. The selection does not depend on what the list shows: it is kept across updates,
 * sorting, filtering and scrolling. VMs that were deleted leave it.
 */
export interface Selection {
  readonly ids: ReadonlySet<string>;
  /** The VM at which the next range begins; null if none was selected yet. */
  readonly anchor: string | null;
  /** Selects exactly these VMs. */
  readonly set: (ids: Iterable<string>) => void;
  /** Selects the VM, or deselects it if it is selected. */
  readonly toggle: (id: string) => void;
  /** Selects these VMs in place of the last range from the same anchor, in addition to all others selected. */
  readonly extend: (anchor: string, ids: Iterable<string>) => void;
  readonly clear: () => void;
}

/** Holds the selection of a list. */
export function useSelection(): Selection {
  const fleet = useFleet();
  const [selected, setSelected] = useState(nothingSelected);
  const table = useSyncExternalStore(fleet.subscribe, () => fleet.cache.tables.vm);
  const present = useMemo(
    () => without(selected, (id) => fleet.isGone('vm', id)),
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the table is what `isGone` reads
    [fleet, selected, table],
  );
  if (present !== selected) setSelected(present);
  const set = useMemo(
    () => ({
      set: (ids: Iterable<string>) => setSelected(replaced(ids)),
      toggle: (id: string) => setSelected((before) => toggled(before, id)),
      extend: (anchor: string, ids: Iterable<string>) => setSelected((before) => ranged(before, anchor, ids)),
      clear: () => setSelected(nothingSelected),
    }),
    [],
  );
  return useMemo(() => ({ ids: present.ids, anchor: present.anchor, ...set }), [present, set]);
}
