import { Type, type TEnum, type TNull, type TSchema, type TUnion } from 'typebox';

/** A string out of a constant list (JSON Schema `enum`), so that tables and schemas share one list. */
export function oneOf<const T extends readonly string[]>(values: T): TEnum<[...T]> {
  return Type.Enum<[...T]>([...values]);
}

/** The schema or null: absent facts are null in the contract, never missing, so that a reader cannot confuse the two. */
export function nullable<T extends TSchema>(schema: T): TUnion<[T, TNull]> {
  return Type.Union([schema, Type.Null()]);
}
