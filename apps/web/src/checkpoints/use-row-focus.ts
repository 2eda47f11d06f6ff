import { useEffect, useRef, useState, type FocusEvent, type KeyboardEvent, type RefObject } from 'react';

/** The keyboard of a small tree with rows. */
export interface RowFocus {
  /** The only row in the tab order. */
  readonly active: number;
  readonly handlers: {
    readonly onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
    readonly onFocus: (event: FocusEvent<HTMLElement>) => void;
  };
}

const steps: Record<string, (index: number, count: number) => number> = {
  ArrowDown: (index) => index + 1,
  j: (index) => index + 1,
  ArrowUp: (index) => index - 1,
  k: (index) => index - 1,
  Home: () => 0,
  End: (_, count) => count - 1,
};

function controlsOf(row: HTMLElement): HTMLElement[] {
  return [...row.querySelectorAll<HTMLElement>('button')];
}

/**
 * Makes rows one tab stop: arrows, j and k move between them, and the right arrow moves into the buttons of a row. If
 * the row with the focus disappears, its successor gets the focus.
 */
export function useRowFocus(
  keys: readonly string[],
  list: RefObject<HTMLElement | null>,
  onKey: (key: string, index: number, row: HTMLElement) => boolean,
): RowFocus {
  const [activeKey, setActiveKey] = useState<string | null>(null);
  const [last, setLast] = useState(0);
  const hasFocus = useRef(false);
  const found = activeKey === null ? keys.length - 1 : keys.indexOf(activeKey);
  const active = found >= 0 ? found : Math.min(last, keys.length - 1);
  const rowAt = (index: number): HTMLElement | undefined =>
    list.current?.querySelectorAll<HTMLElement>('[data-row]')[index];
  const lost = found < 0;
  useEffect(() => {
    if (!lost || !hasFocus.current || list.current?.contains(document.activeElement)) return;
    // An open dialog has the focus; otherwise no element has it.
    if (document.activeElement === document.body)
      list.current?.querySelectorAll<HTMLElement>('[data-row]')[active]?.focus();
  }, [lost, active, list]);
  return {
    active,
    handlers: {
      onFocus({ target }) {
        const row = target.closest<HTMLElement>('[data-row]');
        if (!row) return;
        hasFocus.current = true;
        const index = Number(row.dataset['row']);
        setActiveKey(keys[index] ?? null);
        setLast(index);
      },
      onKeyDown(event) {
        const { target, key } = event;
        const row = target instanceof HTMLElement ? target.closest<HTMLElement>('[data-row]') : null;
        if (!row || event.ctrlKey || event.metaKey || event.altKey) return;
        const index = Number(row.dataset['row']);
        const controls = controlsOf(row);
        const at = controls.findIndex((control) => control === target);
        const step = steps[key];
        if (key === 'ArrowRight') controls[Math.min(at + 1, controls.length - 1)]?.focus();
        else if (key === 'ArrowLeft') (controls[at - 1] ?? row).focus();
        else if (step) rowAt(Math.max(0, Math.min(keys.length - 1, step(index, keys.length))))?.focus();
        else if (at >= 0 || !onKey(key, index, row)) return;
        event.preventDefault();
      },
    },
  };
}
