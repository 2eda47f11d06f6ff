import { defaultRangeExtractor, useVirtualizer, type Range, type Virtualizer } from '@tanstack/react-virtual';
import {
  useCallback,
  useEffect,
  useRef,
  useState,
  type FocusEvent,
  type KeyboardEvent,
  type RefObject,
} from 'react';

interface Options {
  readonly count: number;
  /** The height of a row and of the sticky header, in pixels. */
  readonly size: number;
  readonly header?: number;
  /** The first row in the tab order. */
  readonly start: number;
  readonly scroller: RefObject<HTMLElement | null>;
  /** Returns the identity of a row, so that the focus follows it when the order changes. */
  readonly keyAt: (index: number) => string | null;
  readonly indexOf: (key: string) => number;
  /** Focuses a row as soon as there are rows, as in a drawer that has just been opened. */
  readonly focusAtOnce?: boolean;
  readonly onOpen: (index: number) => void;
}

/** A virtual list and its keyboard. */
export interface VirtualRows {
  readonly virtual: Virtualizer<HTMLElement, Element>;
  /** The only row in the tab order; it is rendered even if it is off screen. */
  readonly active: number;
  readonly moveTo: (index: number) => void;
  /** Returns the row to which a key leads from a row; null for a key that does not move. */
  readonly targetOf: (key: string, index: number) => number | null;
  readonly handlers: {
    readonly onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
    readonly onFocus: (event: FocusEvent<HTMLElement>) => void;
  };
}

const overscan = 8;

/** The row to which a key leads, before it is limited to the list; `page` is the number of rows on the screen. */
const moves: Record<string, (index: number, count: number, page: number) => number> = {
  ArrowDown: (index) => index + 1,
  j: (index) => index + 1,
  ArrowUp: (index) => index - 1,
  k: (index) => index - 1,
  PageDown: (index, _, page) => index + page,
  PageUp: (index, _, page) => index - page,
  Home: () => 0,
  End: (_, count) => count - 1,
};

/** Returns the index of the row that contains the element; null if it is in none. */
export function indexAt(target: EventTarget): number | null {
  const row = target instanceof Element ? target.closest<HTMLElement>('[data-index]') : null;
  return row ? Number(row.dataset['index']) : null;
}

/**
 * A virtual list that renders only visible rows. Arrow keys, j and k move between them by `data-index`; Enter opens a
 * row.
 */
export function useVirtualRows(options: Options): VirtualRows {
  const { count, size, header = 0, start, scroller, keyAt, indexOf, onOpen } = options;
  const [moved, setMoved] = useState<{ readonly index: number; readonly key: string | null } | null>(null);
  const wanted = useRef<number | null>(options.focusAtOnce ? start : null);
  const found = moved === null || moved.key === null ? -1 : indexOf(moved.key);
  const active = Math.min(found >= 0 ? found : (moved?.index ?? start), Math.max(0, count - 1));
  const rangeExtractor = useCallback(
    (range: Range) => {
      const indexes = defaultRangeExtractor(range);
      if (active >= range.count || indexes.includes(active)) return indexes;
      return [...indexes, active].sort((a, b) => a - b);
    },
    [active],
  );
  const virtual = useVirtualizer<HTMLElement, Element>({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => size,
    overscan,
    scrollPaddingEnd: header,
    rangeExtractor,
  });
  useEffect(() => virtual.measure(), [virtual, size]);

  // The row may be rendered only after scrolling, so every render looks for it until it exists.
  useEffect(() => {
    if (wanted.current === null) return;
    const row = scroller.current?.querySelector<HTMLElement>(`[data-index="${wanted.current}"]`);
    if (!row) return;
    row.focus({ preventScroll: true });
    wanted.current = null;
  });

  const moveTo = (index: number): void => {
    setMoved({ index, key: keyAt(index) });
    wanted.current = index;
    virtual.scrollToIndex(index);
  };
  const targetOf = (key: string, index: number): number | null => {
    const page = Math.max(1, Math.floor(((scroller.current?.clientHeight ?? 0) - header) / size) - 1);
    const target = moves[key]?.(index, count, page);
    return target === undefined ? null : Math.max(0, Math.min(count - 1, target));
  };
  return {
    virtual,
    active,
    moveTo,
    targetOf,
    handlers: {
      onFocus({ target }) {
        const index = indexAt(target);
        if (index !== null && index !== active) setMoved({ index, key: keyAt(index) });
      },
      onKeyDown(event) {
        const index = indexAt(event.target);
        if (event.ctrlKey || event.metaKey || event.altKey || index === null) return;
        const isRow = event.target instanceof HTMLElement && event.target.dataset['index'] !== undefined;
        const target = targetOf(event.key, index);
        if (event.key === 'Enter' && isRow) onOpen(index);
        else if (target !== null) moveTo(target);
        else return;
        event.preventDefault();
      },
    },
  };
}
