// No schema here: the console imports this function without TypeBox.

/**
 * Exponential backoff with 50 % jitter, so that clients of one server do not return together. Times in milliseconds.
 */
export interface BackoffOptions {
  readonly first: number;
  readonly longest: number;
  /** Returns a number in [0, 1). */
  readonly random: () => number;
}

/** Returns the delay after failure number `failures` (from 1) in a row, in milliseconds. */
export function backoffDelay(failures: number, { first, longest, random }: BackoffOptions): number {
  const whole = Math.min(longest, first * 2 ** Math.min(failures - 1, 30));
  return whole / 2 + (whole / 2) * random();
}
