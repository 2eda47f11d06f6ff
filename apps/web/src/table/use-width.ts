import { useCallback, useState, type RefCallback } from 'react';

/** Returns the width of an element in rem, and the callback that measures it. */
export function useWidth(): readonly [number, RefCallback<HTMLElement>] {
  const [width, setWidth] = useState(Infinity);
  const measure = useCallback((element: HTMLElement | null) => {
    if (!element) return undefined;
    const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
    const observer = new ResizeObserver(([entry]) => {
      const size = entry?.borderBoxSize[0]?.inlineSize;
      if (size !== undefined) setWidth(Math.floor((size / rem) * 4) / 4);
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [width, measure];
}
