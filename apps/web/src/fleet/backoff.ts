const firstMs = 500;
const lastMs = 15_000;

/**
 * How long to wait before the nth attempt (from 0), in milliseconds: doubling up to 15 s, and between half and all of
 * it by chance, so that all browsers of a restarted service do not return in one instant.
 */
export function backoffMs(attempt: number, random: () => number = Math.random): number {
  const ceiling = Math.min(lastMs, firstMs * 2 ** Math.min(attempt, 10));
  return ceiling / 2 + (random() * ceiling) / 2;
}
