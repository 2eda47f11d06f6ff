import type { FocusEvent, KeyboardEvent, RefObject } from 'react';

interface RowHandlers {
  readonly onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
  readonly onFocus: (event: FocusEvent<HTMLElement>) => void;
}

interface Options {
  readonly scroller: RefObject<HTMLElement | null>;
  /** The keys that move between rows. */
  readonly rows: RowHandlers;
  readonly active: number;
  readonly moveTo: (index: number) => void;
  /** Returns whether the parts of a row are shown; undefined if it has none. */
  readonly expandedAt: (index: number) => boolean | undefined;
  readonly onToggle: (index: number) => void;
}

const controls = 'a[href], button';

/** Moves the focus to the next or previous control in a row; left of the first one is the row itself. */
function focusAside(row: HTMLElement, step: 1 | -1): void {
  const all = [...row.querySelectorAll<HTMLElement>(controls)];
  const next = all.findIndex((control) => control === document.activeElement) + step;
  if (next >= 0) all[Math.min(next, all.length - 1)]?.focus();
  else if (row.dataset['index'] !== undefined) row.focus();
}

/**
 * The keyboard of a table, which is one tab stop: up and down move between rows, left and right between the controls of
 * a row, and show or hide its parts; up from the first row leads to the sort buttons.
 */
export function useTableKeys({ scroller, rows, active, moveTo, expandedAt, onToggle }: Options): RowHandlers {
  function inHeader(key: string, row: HTMLElement): boolean {
    if (key === 'ArrowLeft' || key === 'ArrowRight') focusAside(row, key === 'ArrowLeft' ? -1 : 1);
    else if (key === 'ArrowDown' || key === 'j') moveTo(active);
    else return false;
    return true;
  }

  function inRow(key: string, index: number, row: HTMLElement): boolean {
    const isRow = document.activeElement === row;
    const expanded = expandedAt(index);
    if (key === 'ArrowRight' && isRow && expanded === false) onToggle(index);
    else if (key === 'ArrowLeft' && isRow && expanded === true) onToggle(index);
    else if (key === 'ArrowLeft' || key === 'ArrowRight') focusAside(row, key === 'ArrowLeft' ? -1 : 1);
    else if ((key === 'ArrowUp' || key === 'k') && index === 0) {
      const header = scroller.current?.querySelector<HTMLElement>('[role=row]:not([data-index])');
      if (!header) return false;
      focusAside(header, 1);
    } else return false;
    return true;
  }

  return {
    onFocus: rows.onFocus,
    onKeyDown(event) {
      const row = event.target instanceof Element ? event.target.closest<HTMLElement>('[role=row]') : null;
      if (!row || event.ctrlKey || event.metaKey || event.altKey) return;
      const { index } = row.dataset;
      const isHandled = index === undefined ? inHeader(event.key, row) : inRow(event.key, Number(index), row);
      if (isHandled) event.preventDefault();
      else rows.onKeyDown(event);
    },
  };
}
