/** The selected rows of a list, and the state from which a range is extended. */
export interface Selected {
  readonly ids: ReadonlySet<string>;
  /** The row at which the next range begins: the one toggled last. */
  readonly anchor: string | null;
  /** The rows that were selected before the current range; a new range from the same anchor replaces the current one. */
  readonly base: ReadonlySet<string>;
}

const none: ReadonlySet<string> = new Set();

export const nothingSelected: Selected = { ids: none, anchor: null, base: none };

/** Selects exactly these rows. */
export function replaced(ids: Iterable<string>): Selected {
  const all = new Set(ids);
  return { ids: all, anchor: null, base: all };
}

/** Selects the row, or deselects it if it is selected. The next range begins there. */
export function toggled({ ids }: Selected, id: string): Selected {
  const next = new Set(ids);
  if (!next.delete(id)) next.add(id);
  return { ids: next, anchor: id, base: next };
}

/** Selects the range from the anchor, in addition to what was selected before the first range from there. */
export function ranged(before: Selected, anchor: string, range: Iterable<string>): Selected {
  const base = anchor === before.anchor ? before.base : before.ids;
  return { ids: new Set([...base, ...range]), anchor, base };
}

/** Removes rows that no longer exist; returns the same object if all of them do. */
export function without(selected: Selected, isGone: (id: string) => boolean): Selected {
  if (![...selected.ids].some(isGone)) return selected;
  const keep = (ids: ReadonlySet<string>): ReadonlySet<string> =>
    new Set([...ids].filter((id) => !isGone(id)));
  return { ...selected, ids: keep(selected.ids), base: keep(selected.base) };
}
