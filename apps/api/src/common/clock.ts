/** Ends what was scheduled, if it has not happened yet. */
export type Cancel = () => void;

/** Time as everything here sees it, so that tests can hold it still. */
export interface Clock {
  /** Milliseconds since 1970 in UTC. */
  now(): number;
  /** Calls `task` once, after at least `delay` milliseconds. */
  schedule(delay: number, task: () => void): Cancel;
}

/** The longest wait that a timer of Node takes; a longer one would fire at once. */
const longestTimer = 2 ** 31 - 1;

/** The machine's own time. Its timers do not keep the process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  schedule(delay, task) {
    const timer = setTimeout(task, Math.min(delay, longestTimer));
    timer.unref();
    return () => clearTimeout(timer);
  },
};
