import type { EngineClock } from '../engine/index.ts';

/** The machine's own clock. Its timers do not keep a process alive: the servers do. */
export const systemEngineClock: EngineClock = {
  now: () => Date.now(),
  schedule: (delayMs, action) => {
    const timer = setTimeout(action, delayMs).unref();
    return () => clearTimeout(timer);
  },
};
