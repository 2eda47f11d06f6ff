import fc from 'fast-check';

/** The seed of this run: the commit's, or the one given in AETHER_SEED. */
export const seed = Number(process.env['AETHER_SEED']);

/** Draws this many of the items, or all if there are fewer: the same ones for the same seed and number. */
export function sample<T>(items: readonly T[], count: number, salt = 0): readonly T[] {
  const length = Math.min(count, items.length);
  const subset = fc.shuffledSubarray([...items], { minLength: length, maxLength: length });
  return fc.sample(subset, { seed: seed + salt, numRuns: 1 })[0] ?? [];
}
