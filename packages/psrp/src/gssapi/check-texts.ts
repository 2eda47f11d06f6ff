/**
 * Checks that options are strings.
 *
 * @throws {TypeError} which names the first one that is not, and never shows it: it may be a secret.
 */
export function checkTexts(
  options: object,
  optional: readonly string[],
  required: readonly string[] = [],
): void {
  const given: unknown = options;
  if (typeof given !== 'object' || given === null) throw new TypeError('options must be an object');
  const values = new Map<string, unknown>(Object.entries(given));
  for (const name of [...required, ...optional]) {
    const value = values.get(name);
    if (typeof value === 'string' || (value === undefined && !required.includes(name))) continue;
    throw new TypeError(`${name} must be a string, not ${value === null ? 'null' : typeof value}`);
  }
}
