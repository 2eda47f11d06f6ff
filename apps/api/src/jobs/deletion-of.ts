import { Deletion } from '@aether-v/types';
import { Compile } from 'typebox/compile';

const deletion = Compile(Deletion);

/**
 * What an operation deleted and left, by its result as its host tells it, at its end or out of its journal; null for other
 * operations, and for what no deletion ends with.
 */
export function deletionOf(result: unknown): Deletion | null {
  if (!deletion.Check(result)) return null;
  const { deleted, remaining } = result;
  return { deleted, remaining: remaining.map(({ path, reason, message }) => ({ path, reason, message })) };
}
