/** Cancels a scheduled task that has not run yet. */
export type Cancel = () => void;

/** The service's source of time; tests control it. */
export interface Clock {
  /** Returns milliseconds since 1970 in UTC. */
  now(): number;
  /** Calls `task` once, after at least `delay` milliseconds. */
  schedule(delay: number, task: () => void): Cancel;
}

/** The longest delay that a Node timer accepts; a longer one would fire at once. */
const longestTimer = 2 ** 31 - 1;

/** The system clock. Its timers do not keep the process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  schedule(delay, task) {
    const timer = setTimeout(task, Math.min(delay, longestTimer));
    timer.unref();
    return () => clearTimeout(timer);
  },
};
