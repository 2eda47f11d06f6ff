import type { EngineClock } from '../engine/index.ts';

/** The longest delay that a Node timer knows; a longer one would ring at once. */
const longestDelayMs = 2 ** 31 - 1;

/** The machine's own clock. Its timers do not keep a process alive: the servers do. */
export const systemEngineClock: EngineClock = {
  now: () => Date.now(),
  schedule: (delayMs, action) => {
    let timer: NodeJS.Timeout;
    const arm = (left: number): void => {
      const wait = Math.min(left, longestDelayMs);
      timer = setTimeout(() => (wait < left ? arm(left - wait) : action()), wait).unref();
    };
    arm(delayMs);
    return () => clearTimeout(timer);
  },
};
