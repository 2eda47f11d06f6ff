/** Clock and timers of a listener. Tests replace it to advance time. */
export interface Clock {
  /** Returns the time in milliseconds on a monotonic scale. */
  now(): number;
  /** Calls `run` once after `delayMs` milliseconds. The returned function cancels the call. */
  schedule(delayMs: number, run: () => void): () => void;
}

/** Clock of this machine. Its timers do not keep the process alive. */
export const systemClock: Clock = {
  now: () => performance.now(),
  schedule: (delayMs, run) => {
    // Delays beyond 2^31 - 1 ms would fire at once.
    const timer = setTimeout(run, Math.min(delayMs, 2_147_483_647)).unref();
    return () => clearTimeout(timer);
  },
};
