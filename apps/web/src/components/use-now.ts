import { useSyncExternalStore } from 'react';
import { serviceClock } from '../fleet/service-clock.ts';

const everyMs = 10_000;
let now = serviceClock.now();
let stop = (): void => undefined;
const listeners = new Set<() => void>();

function tick(): void {
  now = serviceClock.now();
  for (const each of listeners) each();
}

function start(): () => void {
  now = serviceClock.now();
  const timer = setInterval(tick, everyMs);
  const unsubscribe = serviceClock.subscribe(tick);
  return () => {
    clearInterval(timer);
    unsubscribe();
  };
}

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) stop = start();
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) stop();
  };
}

/**
 * Returns the service's time in milliseconds since 1970, from one clock for the whole screen that ticks every ten
 * seconds.
 */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now);
}
