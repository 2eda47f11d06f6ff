import { afterEach, expect, test, vi } from 'vitest';
import { systemEngineClock } from '../src/fleet/system-clock.ts';

afterEach(() => vi.useRealTimers());

test('a timer of several years fires then, not at once', () => {
  vi.useFakeTimers();
  const action = vi.fn<() => void>();
  const fiveWeeks = 35 * 24 * 3_600_000;
  systemEngineClock.schedule(fiveWeeks, action);
  const cancel = systemEngineClock.schedule(fiveWeeks, action);
  vi.advanceTimersByTime(fiveWeeks - 1);
  expect(action).not.toHaveBeenCalled();
  cancel();
  vi.advanceTimersByTime(1);
  expect(action).toHaveBeenCalledTimes(1);
});
