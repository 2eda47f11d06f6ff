import { useRef, type FocusEvent, type KeyboardEvent, type MouseEvent, type RefObject } from 'react';
import { indexAt, type VirtualRows } from '../components/use-virtual-rows.ts';

interface Options {
  readonly grid: RefObject<HTMLElement | null>;
  readonly rows: VirtualRows;
  /** Selects or deselects a row. */
  readonly onToggle: (index: number) => void;
  /** Selects the range from the anchor, or from `from` if there is none. */
  readonly onExtend: (from: number, to: number) => void;
  readonly onSelectAll: () => void;
  /** Returns whether there was a selection to clear. */
  readonly onClear: () => boolean;
  /** Opens the menu of a row, at a point if the mouse asked for it. */
  readonly onMenu: (index: number, row: HTMLElement, point?: { x: number; y: number }) => void;
}

interface GridHandlers {
  readonly onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
  readonly onFocus: (event: FocusEvent<HTMLElement>) => void;
  readonly onMouseDown: (event: MouseEvent<HTMLElement>) => void;
  readonly onClick: (event: MouseEvent<HTMLElement>) => void;
  readonly onContextMenu: (event: MouseEvent<HTMLElement>) => void;
}

const widgets = 'input, a[href], button';

function rowAt(target: EventTarget): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>('[role=row]') : null;
}

/** Moves the focus to the next or previous control in a row; left of the first one is the row itself. */
function focusAside(row: HTMLElement, step: 1 | -1): void {
  const controls = [...row.querySelectorAll<HTMLElement>(widgets)];
  const at = controls.findIndex((control) => control === document.activeElement) + step;
  if (at >= 0) controls[Math.min(at, controls.length - 1)]?.focus();
  else if (row.dataset['index'] !== undefined) row.focus();
}

/**
 * The keyboard and mouse of a grid with selectable rows. The grid is one tab stop: up and down move between rows, left
 * and right between the controls of a row, and up from the first row leads to the sort buttons.
 */
export function useGridKeys(options: Options): GridHandlers {
  const { grid, rows, onToggle, onExtend, onSelectAll, onClear, onMenu } = options;
  /** The row with the focus before a click with Shift, from which the range extends. */
  const before = useRef(0);

  const keys: Record<string, (event: KeyboardEvent, index: number, row: HTMLElement) => boolean> = {
    ' ': ({ target, shiftKey }, index, row) => {
      if (target !== row) return false;
      if (shiftKey) onExtend(index, index);
      else onToggle(index);
      return true;
    },
    ArrowLeft: (_, __, row) => (focusAside(row, -1), true),
    ArrowRight: (_, __, row) => (focusAside(row, 1), true),
    Escape: () => onClear(),
    ContextMenu: (_, index, row) => (onMenu(index, row), true),
    F10: ({ shiftKey }, index, row) => {
      if (shiftKey) onMenu(index, row);
      return shiftKey;
    },
  };

  function inHeader({ key }: KeyboardEvent, row: HTMLElement): boolean {
    if (key === 'ArrowLeft' || key === 'ArrowRight') focusAside(row, key === 'ArrowLeft' ? -1 : 1);
    else if (key === 'ArrowDown' || key === 'j') rows.moveTo(rows.active);
    else return false;
    return true;
  }

  function inRow(event: KeyboardEvent<HTMLElement>, index: number, row: HTMLElement): boolean {
    const { key, shiftKey } = event;
    if (keys[key]?.(event, index, row)) return true;
    const target = rows.targetOf(key, index);
    if (target === null) return false;
    if (shiftKey) onExtend(index, target);
    const header = grid.current?.querySelector<HTMLElement>('[aria-rowindex="1"]:not([data-index])');
    if (key === 'ArrowUp' && index === 0 && !shiftKey && header) focusAside(header, 1);
    else rows.moveTo(target);
    return true;
  }

  return {
    onFocus: rows.handlers.onFocus,
    onKeyDown(event) {
      const row = rowAt(event.target);
      if (!row || event.altKey) return;
      const index = indexAt(event.target);
      if (event.ctrlKey || event.metaKey) {
        if (event.key !== 'a') return;
        onSelectAll();
        event.preventDefault();
      } else if (index === null ? inHeader(event, row) : inRow(event, index, row)) event.preventDefault();
      else rows.handlers.onKeyDown(event);
    },
    onMouseDown(event) {
      before.current = rows.active;
      // A click with Shift selects rows; without this the browser would also select their text.
      if (event.shiftKey && indexAt(event.target) !== null) event.preventDefault();
    },
    onClick(event) {
      const index = indexAt(event.target);
      const isSelecting = event.shiftKey || event.ctrlKey || event.metaKey;
      const isCheckbox = event.target instanceof HTMLInputElement;
      if (index === null || !(isSelecting || isCheckbox)) return;
      // A link or button means itself, also with Ctrl; a label is followed by a click of its checkbox.
      if (!isCheckbox && event.target instanceof Element && event.target.closest('a, button, label')) return;
      if (!event.shiftKey) onToggle(index);
      else {
        onExtend(before.current, index);
        rows.moveTo(index);
      }
    },
    onContextMenu(event) {
      const index = indexAt(event.target);
      const row = rowAt(event.target);
      // Links keep the browser's menu while Shift is held.
      if (index === null || !row || event.shiftKey) return;
      event.preventDefault();
      // The keyboard's own event has no button; its key was handled above.
      if (event.button === 2) onMenu(index, row, { x: event.clientX, y: event.clientY });
    },
  };
}
