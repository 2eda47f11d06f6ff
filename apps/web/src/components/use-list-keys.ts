import { useEffect, useRef, useState, type FocusEvent, type KeyboardEvent, type RefObject } from 'react';

interface Options {
  readonly count: number;
  /** The row that Tab reaches first. */
  readonly start: number;
  readonly scroller: RefObject<HTMLElement | null>;
  readonly scrollTo: (index: number) => void;
  readonly onMove: (index: number) => void;
  readonly onOpen: (index: number) => void;
}

interface ListKeys {
  /** The one row in the order of Tab. */
  readonly active: number;
  readonly handlers: {
    readonly onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
    readonly onFocus: (event: FocusEvent<HTMLElement>) => void;
  };
}

const page = 10;
const moves: Record<string, (index: number, count: number) => number> = {
  ArrowDown: (index) => index + 1,
  j: (index) => index + 1,
  ArrowUp: (index) => index - 1,
  k: (index) => index - 1,
  PageDown: (index) => index + page,
  PageUp: (index) => index - page,
  Home: () => 0,
  End: (_, count) => count - 1,
};

function rowOf(target: EventTarget): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>('[data-index]') : null;
}

/** Arrows, j and k move through a virtual list of rows that say their `data-index`; Enter opens. */
export function useListKeys({ count, start, scroller, scrollTo, onMove, onOpen }: Options): ListKeys {
  const [moved, setMoved] = useState<number | null>(null);
  const wanted = useRef<number | null>(null);
  const active = Math.min(moved ?? start, Math.max(0, count - 1));

  // The row may come on screen only after the scroll: every render looks for it until it is there.
  useEffect(() => {
    if (wanted.current === null) return;
    const row = scroller.current?.querySelector<HTMLElement>(`[data-index="${wanted.current}"]`);
    if (!row) return;
    row.focus({ preventScroll: true });
    wanted.current = null;
  });

  return {
    active,
    handlers: {
      onFocus(event) {
        const index = rowOf(event.target)?.dataset['index'];
        if (index !== undefined && Number(index) !== moved) setMoved(Number(index));
      },
      onKeyDown(event) {
        if (event.ctrlKey || event.metaKey || event.altKey) return;
        const row = rowOf(event.target);
        if (event.key === 'Enter' && row === event.target) {
          event.preventDefault();
          onOpen(active);
          return;
        }
        const move = moves[event.key];
        if (!move || !row) return;
        event.preventDefault();
        const next = Math.max(0, Math.min(count - 1, move(active, count)));
        setMoved(next);
        wanted.current = next;
        scrollTo(next);
        onMove(next);
      },
    },
  };
}
