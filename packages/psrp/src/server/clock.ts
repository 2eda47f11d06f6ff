/** Time as the listener sees it, so that tests can make minutes pass. */
export interface Clock {
  /** Milliseconds on a scale that only goes forward. */
  now(): number;
  /** Calls `run` once after a delay in milliseconds, unless the returned function is called first. */
  schedule(delayMs: number, run: () => void): () => void;
}

/** The machine's own clock. Its timers do not keep a process alive. */
export const systemClock: Clock = {
  now: () => performance.now(),
  schedule: (delayMs, run) => {
    // Longer delays than a 32-bit number of milliseconds would fire at once.
    const timer = setTimeout(run, Math.min(delayMs, 2_147_483_647)).unref();
    return () => clearTimeout(timer);
  },
};
