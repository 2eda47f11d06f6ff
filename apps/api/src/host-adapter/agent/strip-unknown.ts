import type { TSchema } from 'typebox';

/** The keywords of JSON Schema that list properties. */
interface Shape {
  readonly type?: string;
  readonly const?: unknown;
  readonly anyOf?: readonly Shape[];
  readonly items?: Shape;
  readonly properties?: Readonly<Record<string, Shape>>;
}

/**
 * Copies a value without properties that its schema does not name. The value must have been validated.
 *
 * TypeBox's own `Clean` sorts the members of each union by type inference on every call, which took longer than all
 * other processing of a line.
 */
export function stripUnknown(schema: TSchema, value: unknown): unknown {
  return strip(schema, value);
}

function strip(shape: Shape, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (shape.anyOf !== undefined) {
    const member = shape.anyOf.find((candidate) => fits(candidate, value));
    return member === undefined ? value : strip(member, value);
  }
  if (Array.isArray(value)) {
    const { items } = shape;
    return items === undefined ? value : value.map((item) => strip(items, item));
  }
  if (shape.properties === undefined) return value;
  const known: Record<string, unknown> = {};
  for (const [name, property] of Object.entries(shape.properties)) {
    if (Object.hasOwn(value, name)) known[name] = strip(property, (value as Record<string, unknown>)[name]);
  }
  return known;
}

/**
 * Returns whether an object or list can be this member of a union; the contract distinguishes objects by a constant.
 */
function fits({ type, properties }: Shape, value: object): boolean {
  if (Array.isArray(value)) return type === 'array';
  if (type !== 'object') return false;
  return Object.entries(properties ?? {}).every(
    ([name, property]) =>
      property.const === undefined || property.const === (value as Record<string, unknown>)[name],
  );
}
