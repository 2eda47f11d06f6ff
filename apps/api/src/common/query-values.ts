import type { TObject } from 'typebox';

/** Converts the texts of a query to values; texts that cannot be converted are left for validation to reject. */
export function queryValues(schema: TObject, query: unknown): Readonly<Record<string, unknown>> {
  const entries = Object.entries(query ?? {}).map(([name, value]: [string, unknown]) => {
    const { type, explode } = (schema.properties[name] ?? {}) as { type?: string; explode?: boolean };
    if (type === 'array') return [name, listOf(value, explode === false)];
    if (type === 'boolean' && (value === 'true' || value === 'false')) return [name, value === 'true'];
    const isInteger = type === 'integer' && typeof value === 'string' && /^-?[0-9]{1,15}$/.test(value);
    return [name, isInteger ? Number(value) : value];
  });
  return Object.fromEntries(entries) as Readonly<Record<string, unknown>>;
}

function listOf(value: unknown, isCommaSeparated: boolean): unknown[] {
  const values: unknown[] = Array.isArray(value) ? value : [value];
  if (!isCommaSeparated) return values;
  return values.flatMap((one) => (typeof one === 'string' ? one.split(',') : [one]));
}
