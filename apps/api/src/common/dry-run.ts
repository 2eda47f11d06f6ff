/**
 * Returns whether a request to a command asks for a dry run. An invalid value counts as a change, which is refused later.
 */
export function isDryRun(query: unknown): boolean {
  return ((query ?? {}) as { readonly dryRun?: unknown }).dryRun === 'true';
}
