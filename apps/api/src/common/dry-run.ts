import { validationFailed } from '../problems/problem-error.ts';

/** Reads `dryRun` from a query; false if absent. @throws ProblemError if it is neither `true` nor `false`. */
export function readDryRun(query: unknown): boolean {
  const { dryRun } = (query ?? {}) as { readonly dryRun?: unknown };
  if (dryRun === undefined || dryRun === 'false') return false;
  if (dryRun === 'true') return true;
  throw validationFailed([{ field: 'dryRun', message: 'must be true or false' }]);
}

/**
 * Returns whether a request to a command asks for a dry run. An invalid value counts as a change, which is refused later.
 */
export function isDryRun(query: unknown): boolean {
  return ((query ?? {}) as { readonly dryRun?: unknown }).dryRun === 'true';
}
