/** Returns whether the source has a test, or a scenario that a test runs, with exactly this name. */
export function holdsTest(source: string, name: string): boolean {
  const calls = source.matchAll(
    /(?:\b(?:it|test)|\))\(\s*(?:'([^']+)'|"([^"]+)"|`([^`]+)`),|^ {2}name: '([^']+)',$/gm,
  );
  return [...calls].some(([, ...names]) => names.includes(name));
}
