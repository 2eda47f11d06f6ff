/** Removes undefined entries, so that the address bar shows only explicit choices. */
export function dropEmpty<T extends Record<string, string | undefined>>(
  search: T,
): { [K in keyof T]?: string } {
  const kept: { [K in keyof T]?: string } = {};
  for (const key of Object.keys(search) as (keyof T)[]) {
    const value = search[key];
    if (value !== undefined) kept[key] = value;
  }
  return kept;
}
