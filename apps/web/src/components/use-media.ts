import { useCallback, useSyncExternalStore } from 'react';

/** Returns whether the viewport matches a media query. */
export function useMedia(query: string): boolean {
  const subscribe = useCallback(
    (listener: () => void) => {
      const list = matchMedia(query);
      list.addEventListener('change', listener);
      return () => list.removeEventListener('change', listener);
    },
    [query],
  );
  return useSyncExternalStore(subscribe, () => matchMedia(query).matches);
}

/**
 * Returns whether the screen is narrow: on a phone the tree is a drawer, tables are cards and the job dock is a page.
 */
export function useNarrow(): boolean {
  return useMedia('(max-width: 767px)');
}
