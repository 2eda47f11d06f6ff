import { useCallback, useMemo, useSyncExternalStore } from 'react';

/** A column that can be shown or hidden. */
export interface ChoosableColumn {
  readonly name: string;
  readonly label: string;
  /** `always` columns identify the row; `extra` columns are hidden until they are chosen. */
  readonly shown?: 'always' | 'extra' | undefined;
  /** The minimum width in rem. */
  readonly width: number;
  /** While the user has chosen no columns, those with the highest number are left out first if the screen is small. */
  readonly leaveOut?: number | undefined;
}

/** The space between two columns in rem: `spacingHorizontalM`. */
const gap = 0.75;
/** The space at the sides of a row in rem: `spacingHorizontalXL` twice. */
const sides = 2.5;

/** Returns the width in rem below which the table scrolls sideways. */
export function leastWidthOf(columns: readonly Pick<ChoosableColumn, 'width'>[]): number {
  return columns.reduce((sum, { width }) => sum + width, 0) + gap * Math.max(0, columns.length - 1) + sides;
}

/** Leaves out columns until the others fit into this width in rem; columns without a place in that order stay. */
export function fitColumns<C extends ChoosableColumn>(columns: readonly C[], width: number): readonly C[] {
  if (leastWidthOf(columns) <= width) return columns;
  const last = columns.reduce<C | null>(
    (worst, column) => ((column.leaveOut ?? 0) > (worst?.leaveOut ?? 0) ? column : worst),
    null,
  );
  return last === null
    ? columns
    : fitColumns(
        columns.filter((column) => column !== last),
        width,
      );
}

/** The columns of a table that the user has chosen. */
export interface ColumnChoice<C extends ChoosableColumn> {
  /** The chosen columns, in the order of the table. */
  readonly columns: readonly C[];
  /** The columns that are on the screen: without a choice of the user, as many as fit. */
  readonly visible: readonly C[];
  readonly isDefault: boolean;
  readonly choose: (names: readonly string[]) => void;
  readonly reset: () => void;
}

const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  globalThis.addEventListener('storage', listener);
  return () => {
    listeners.delete(listener);
    globalThis.removeEventListener('storage', listener);
  };
}

const keyOf = (table: string): string => `aether-v.columns.${table}`;

function write(table: string, names: readonly string[] | null): void {
  if (names === null) localStorage.removeItem(keyOf(table));
  else localStorage.setItem(keyOf(table), JSON.stringify(names));
  for (const listener of listeners) listener();
}

/** Parses the stored names; null if there are none or they are unusable. */
export function readChoice(text: string | null): readonly string[] | null {
  if (text === null) return null;
  try {
    const names: unknown = JSON.parse(text);
    return Array.isArray(names) ? names.filter((name): name is string => typeof name === 'string') : null;
  } catch {
    return null;
  }
}

/** Returns the columns to show; `names` is the user's choice, or null for the default. */
export function chosenColumns<C extends ChoosableColumn>(
  all: readonly C[],
  names: readonly string[] | null,
): readonly C[] {
  return all.filter(
    ({ name, shown }) => shown === 'always' || (names === null ? shown !== 'extra' : names.includes(name)),
  );
}

/**
 * Returns the columns of a table that the user has chosen; the choice is kept in the browser, for each table. `width` is
 * the width of the table in rem.
 */
export function useColumnChoice<C extends ChoosableColumn>(
  table: string,
  all: readonly C[],
  width: number,
): ColumnChoice<C> {
  const text = useSyncExternalStore(subscribe, () => localStorage.getItem(keyOf(table)));
  const names = useMemo(() => readChoice(text), [text]);
  const columns = useMemo(() => chosenColumns(all, names), [all, names]);
  const visible = useMemo(
    () => (names === null ? fitColumns(columns, width) : columns),
    [columns, names, width],
  );
  const choose = useCallback((next: readonly string[]) => write(table, next), [table]);
  const reset = useCallback(() => write(table, null), [table]);
  return { columns, visible, isDefault: names === null, choose, reset };
}
