/** Ends what was scheduled, if it has not happened yet. */
export type Cancel = () => void;

/** Time as everything here sees it, so that tests can hold it still. */
export interface Clock {
  /** Milliseconds since 1970 in UTC. */
  now(): number;
  /** Calls `task` once, after at least `delay` milliseconds. */
  schedule(delay: number, task: () => void): Cancel;
}

/** The machine's own time. Its timers do not keep the process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  schedule(delay, task) {
    const timer = setTimeout(task, delay);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/** A moment as the contract writes it. */
export function timestamp(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
