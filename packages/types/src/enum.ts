import { Type, type TEnum, type TNull, type TSchema, type TSchemaOptions, type TUnion } from 'typebox';

/**
 * Returns the schema of a string from a constant list (JSON Schema `enum`), so that tables and schemas share one list.
 *
 * @param options Further keywords, such as `$id`.
 */
export function oneOf<const T extends readonly string[]>(
  values: T,
  options: TSchemaOptions = {},
): TEnum<[...T]> {
  return Type.Enum<[...T]>([...values], options);
}

/**
 * Returns a schema that also allows null. In the contract missing values are null and never absent, so that readers
 * cannot confuse the two.
 */
export function nullable<T extends TSchema>(schema: T): TUnion<[T, TNull]> {
  return Type.Union([schema, Type.Null()]);
}
