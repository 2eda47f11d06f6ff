/** Waits that double from `first` up to `longest` (milliseconds), the later half of each by chance. */
export interface BackoffOptions {
  readonly first: number;
  readonly longest: number;
  /** A number in [0, 1). */
  readonly random: () => number;
}

/** How long to wait after failure number `failures` (from 1) in a row, in milliseconds. */
export function backoffDelay(failures: number, { first, longest, random }: BackoffOptions): number {
  const whole = Math.min(longest, first * 2 ** Math.min(failures - 1, 30));
  return whole / 2 + (whole / 2) * random();
}
