import type { EngineClock } from './engine/index.ts';

interface Appointment {
  readonly at: number;
  readonly order: number;
  readonly action: () => void;
}

/** A clock that only a test advances. */
export interface FakeClock extends EngineClock {
  /** Advances by a number of milliseconds and runs the actions that are due, in order. */
  advance(milliseconds: number): void;
  /** The number of scheduled actions. */
  readonly pending: number;
}

/** A fake clock that starts at a given time (milliseconds since 1970; a Wednesday morning by default). */
export function createFakeClock(start: number = Date.UTC(2026, 0, 14, 9, 30)): FakeClock {
  let now = start;
  let order = 0;
  const open = new Set<Appointment>();
  const next = (until: number): Appointment | undefined => {
    let first: Appointment | undefined;
    for (const one of open) {
      if (one.at > until) continue;
      if (!first || one.at < first.at || (one.at === first.at && one.order < first.order)) first = one;
    }
    return first;
  };
  return {
    now: () => now,
    get pending() {
      return open.size;
    },
    schedule(delayMs, action) {
      const appointment = { at: now + Math.max(0, delayMs), order: order++, action };
      open.add(appointment);
      return () => open.delete(appointment);
    },
    advance(milliseconds) {
      const until = now + milliseconds;
      for (let due = next(until); due; due = next(until)) {
        open.delete(due);
        now = due.at;
        due.action();
      }
      now = until;
    },
  };
}
