import type { TSchema } from 'typebox';

/** The keywords of JSON Schema that say which properties there are. */
interface Shape {
  readonly type?: string;
  readonly const?: unknown;
  readonly anyOf?: readonly Shape[];
  readonly items?: Shape;
  readonly properties?: Readonly<Record<string, Shape>>;
}

/**
 * A copy of a value without the properties that its schema does not name. The value has been checked against the schema.
 *
 * TypeBox's own `Clean` sorts the members of each union by type inference, every time: that took longer than everything
 * else that is done with a line.
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

/** Whether an object or list can be this member of a union; the contract tells objects apart by a constant. */
function fits({ type, properties }: Shape, value: object): boolean {
  if (Array.isArray(value)) return type === 'array';
  if (type !== 'object') return false;
  return Object.entries(properties ?? {}).every(
    ([name, property]) =>
      property.const === undefined || property.const === (value as Record<string, unknown>)[name],
  );
}
