import * as contract from '@aether-v/types';
import type { TSchema } from 'typebox';

/** A JSON Schema as plain data. */
export type JsonSchema = { [key: string]: unknown };

/** A schema that is a named component of the OpenAPI document. */
interface NamedSchema extends TSchema {
  readonly $id: string;
}

function isNamed(value: unknown): value is NamedSchema {
  if (typeof value !== 'object' || value === null || !('$id' in value)) return false;
  return typeof value.$id === 'string' && /^[A-Z][A-Za-z]*$/.test(value.$id);
}

/** Returns a reference to a component. @throws Error if the schema has no `$id`. */
export function referTo(schema: TSchema): { $ref: string } {
  if (!isNamed(schema)) throw new Error(`The schema has no $id: ${JSON.stringify(schema).slice(0, 200)}`);
  return { $ref: `#/components/schemas/${schema.$id}` };
}

/** Returns all components as plain JSON Schema, sorted by name: the exported schemas of the contract that have an `$id`. */
export function components(): Record<string, JsonSchema> {
  const named: unknown[] = Object.values(contract);
  const schemas = new Map(named.filter(isNamed).map((schema) => [schema.$id, schema]));
  return Object.fromEntries(
    [...schemas]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([id, schema]) => [id, expand(plain(schema))]),
  );
}

/** Converts a schema outside the components to plain JSON Schema that refers to them. */
export function inline(schema: TSchema): JsonSchema {
  return convert(plain(schema)) as JsonSchema;
}

function plain(schema: TSchema): JsonSchema {
  return JSON.parse(JSON.stringify(schema)) as JsonSchema;
}

function expand({ $id: _, ...schema }: JsonSchema): JsonSchema {
  const typed = isTextEnum(schema) ? { type: 'string', ...schema } : schema;
  return Object.fromEntries(Object.entries(typed).map(([key, value]) => [key, convert(value)]));
}

function convert(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(convert);
  if (isNamed(value)) {
    // A reference may have its own description (OpenAPI 3.1, 4.8.23).
    const { description } = value as { readonly description?: string };
    return { ...referTo(value), ...(description === undefined ? {} : { description }) };
  }
  return typeof value === 'object' && value !== null ? expand(value as JsonSchema) : value;
}

/** TypeBox omits the type of an enumeration, but client generators need it. */
function isTextEnum(schema: JsonSchema): boolean {
  return (
    schema['type'] === undefined &&
    Array.isArray(schema['enum']) &&
    schema['enum'].every((entry) => typeof entry === 'string')
  );
}
