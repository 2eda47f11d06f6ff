/** Characters of `rsp:Name` that are sent; the rest would only cost fragments their room. */
export const maxShellNameLength = 64;

/** ASCII only, so that a character is a byte and none needs escaping: the budget of fragments counts on it. */
export function shortName(name: string): string {
  return name.replace(/[^\w .:@-]/g, '_').slice(0, maxShellNameLength);
}
