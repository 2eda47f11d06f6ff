import type { EngineClock } from '../engine/index.ts';

/** The longest delay of a Node timer; a longer one would fire immediately. */
const longestDelayMs = 2 ** 31 - 1;

/** The system clock. Its timers do not keep the process alive, but the servers do. */
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
