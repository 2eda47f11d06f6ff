/** The fields of a JSON object, not yet checked. */
export type Fields = Readonly<Record<string, unknown>>;

/** Parses the fields of a line; null if it is not a JSON object. Other programs may have written to the file. */
export function parseFields(line: string): Fields | null {
  try {
    const value: unknown = JSON.parse(line);
    return isFields(value) ? value : null;
  } catch {
    return null;
  }
}

/** Returns whether a value is a JSON object. */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Returns whether a value may be an option in a record. */
export function isOption(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}
