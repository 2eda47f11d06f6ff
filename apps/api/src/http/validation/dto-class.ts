import { ValidateBy, ValidateIf, ValidateNested } from 'class-validator';
import { IsNull, type TArray, type TObject, type TSchema, type TUnion } from 'typebox';
import { decoratorsOf, fitsUnion } from './keyword-rules.ts';

/** A class for class-validator, created from a schema. */
export interface DtoClass {
  new (): object;
  /** The classes of fields that are objects or lists of objects, by name. */
  readonly nested: ReadonlyMap<string, DtoClass>;
  readonly fields: ReadonlySet<string>;
  readonly prototype: object;
}

const made = new WeakMap<TObject, DtoClass>();

/**
 * Returns the class-validator class of a schema: one rule per keyword, a nested class per object inside it, and one
 * rule that delegates each union to TypeBox.
 *
 * @throws TypeError for a schema with a keyword that no rule is defined for, or one that accepts unknown fields.
 */
export function dtoClass(schema: TObject): DtoClass {
  const known = made.get(schema);
  if (known !== undefined) return known;
  if ((schema as { additionalProperties?: unknown }).additionalProperties !== false) {
    throw new TypeError('A request schema must refuse unknown fields (additionalProperties: false).');
  }
  const nested = new Map<string, DtoClass>();
  const fields = new Set(Object.keys(schema.properties));
  // eslint-disable-next-line @typescript-eslint/no-extraneous-class -- class-validator keeps its rules by class
  class Dto {
    static readonly nested = nested;
    static readonly fields = fields;
  }
  const required = new Set<string>(schema.required);
  for (const [name, property] of Object.entries(schema.properties)) {
    const decorators = [presence(required.has(name), property), ...valueRules(property, name, nested)];
    for (const decorate of decorators) decorate(Dto.prototype, name);
  }
  made.set(schema, Dto);
  return Dto;
}

function presence(isRequired: boolean, schema: TSchema): PropertyDecorator {
  // Unlike `IsOptional` this rejects null, as the contract does.
  if (!isRequired) return ValidateIf((_, value) => value !== undefined);
  const { description } = schema as { description?: string };
  const message = `$property is required${description === undefined ? '' : `: ${description}`}`;
  return ValidateBy({
    name: 'required',
    validator: { validate: (value) => value !== undefined, defaultMessage: () => message },
  });
}

function valueRules(schema: TSchema, name: string, nested: Map<string, DtoClass>): PropertyDecorator[] {
  const value = nonNull(schema);
  if (value !== undefined)
    return [ValidateIf((_, given) => given !== null), ...valueRules(value, name, nested)];
  if (isUnion(schema)) return [fitsUnion(schema, false)];
  if (isObject(schema)) return objectRules(schema, name, nested, false);
  if (!isArray(schema)) return decoratorsOf(schema, false);
  return [...decoratorsOf(schema, false), ...itemRules(schema.items, name, nested)];
}

function itemRules(items: TSchema, name: string, nested: Map<string, DtoClass>): PropertyDecorator[] {
  if (isUnion(items) || isArray(items)) return [fitsUnion(items, true)];
  return isObject(items) ? objectRules(items, name, nested, true) : decoratorsOf(items, true);
}

function objectRules(
  schema: TObject,
  name: string,
  nested: Map<string, DtoClass>,
  each: boolean,
): PropertyDecorator[] {
  nested.set(name, dtoClass(schema));
  return [...decoratorsOf(schema, each), ValidateNested({ each })];
}

// By keyword, because a copy of a schema (`{ ...Schema, description }`) has lost the kind by which TypeBox tells it.
const isUnion = (schema: TSchema): schema is TUnion => 'anyOf' in schema;
const isObject = (schema: TSchema): schema is TObject => 'properties' in schema;
const isArray = (schema: TSchema): schema is TArray => 'items' in schema;

/** Returns the other schema in a union of two with null; undefined for everything else. */
function nonNull(schema: TSchema): TSchema | undefined {
  if (!isUnion(schema)) return undefined;
  const [other, ...more] = schema.anyOf.filter((each) => !IsNull(each));
  return more.length === 0 && schema.anyOf.length === 2 ? other : undefined;
}
