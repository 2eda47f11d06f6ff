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
  readonly onMove?: (index: number) => void;
  readonly onOpen: (index: number) => void;
}

interface VirtualRows {
  readonly virtual: Virtualizer<HTMLElement, Element>;
  /** The only row in the tab order; it is rendered even if it is off screen. */
  readonly active: number;
  readonly moveTo: (index: number) => void;
  readonly handlers: {
    readonly onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
    readonly onFocus: (event: FocusEvent<HTMLElement>) => void;
  };
}

const page = 10;
const overscan = 8;
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

function indexAt(target: EventTarget): number | null {
  const row = target instanceof Element ? target.closest<HTMLElement>('[data-index]') : null;
  return row ? Number(row.dataset['index']) : null;
}

/**
 * A virtual list that renders only visible rows. Arrow keys, j and k move between them by `data-index`; Enter opens a
 * row.
 */
export function useVirtualRows(options: Options): VirtualRows {
  const { count, size, header = 0, start, scroller, keyAt, indexOf, onMove, onOpen } = options;
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
    onMove?.(index);
  };
  return {
    virtual,
    active,
    moveTo,
    handlers: {
      onFocus({ target }) {
        const index = indexAt(target);
        if (index !== null && index !== active) setMoved({ index, key: keyAt(index) });
      },
      onKeyDown(event) {
        const index = indexAt(event.target);
        if (event.ctrlKey || event.metaKey || event.altKey || index === null) return;
        const isRow = event.target instanceof HTMLElement && event.target.dataset['index'] !== undefined;
        const move = moves[event.key];
        if (event.key === 'Enter' && isRow) onOpen(index);
        else if (move) moveTo(Math.max(0, Math.min(count - 1, move(index, count))));
        else return;
        event.preventDefault();
      },
    },
  };
}
