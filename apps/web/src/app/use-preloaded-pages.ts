import { useEffect } from 'react';
import { preloadPages } from './lazy-page.tsx';

/** The latest start of the preloading in milliseconds, if the browser is never idle. */
const latestMs = 5_000;

/** Loads the code of all pages once the browser is idle, so that an outage of the service closes none of them. */
export function usePreloadedPages(isReady: boolean): void {
  useEffect(() => {
    if (!isReady) return;
    const start = (): void => void preloadPages();
    // Safari has no idle callbacks.
    if (!('requestIdleCallback' in globalThis)) {
      const timer = setTimeout(start, latestMs);
      return () => clearTimeout(timer);
    }
    const handle = requestIdleCallback(start, { timeout: latestMs });
    return () => cancelIdleCallback(handle);
  }, [isReady]);
}
