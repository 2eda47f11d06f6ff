/**
 * Formats a value as JSON in ASCII, which every channel and store keeps unchanged: other characters become `\uXXXX`, a surrogate
 * pair two of them.
 */
export function toAsciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[^\x20-\x7e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
