import {
  isPsScalar,
  listItems,
  primitiveOf,
  property,
  psEnum,
  PsObject,
  type PsValue,
} from '../clixml/index.ts';
import { PsrpError } from './errors.ts';

/** Conversion of the body of one message type to and from CLIXML (MS-PSRP 2.2.2). */
export interface Codec<Body> {
  encode(body: Body): PsValue | undefined;
  /** @throws {PsrpError} `message-malformed`. */
  decode(payload: PsValue | undefined): Body;
}

/** Returns the display text of a value: its `ToString()`, or the text of a primitive. Undefined if there is neither. */
export function displayText(value: PsValue | undefined): string | undefined {
  if (value instanceof PsObject && value.toStringText !== undefined) return value.toStringText;
  const primitive = primitiveOf(value);
  if (primitive === undefined || primitive instanceof Uint8Array) return undefined;
  const raw = isPsScalar(primitive) ? primitive.value : primitive;
  return typeof raw === 'object' ? undefined : String(raw);
}

/** Returns the text of a property; undefined if it is missing, null or has no text. */
export function textOf(source: PsValue | undefined, name: string): string | undefined {
  return displayText(property(source, name));
}

/** Returns the integer of a property, of any width; undefined if it is missing or not an integer. */
export function integerOf(source: PsValue | undefined, name: string): number | undefined {
  const primitive = primitiveOf(property(source, name));
  const raw = isPsScalar(primitive) ? primitive.value : primitive;
  if (typeof raw === 'bigint') return Number(raw);
  return typeof raw === 'number' && Number.isInteger(raw) ? raw : undefined;
}

/** Returns the boolean of a property; undefined if it is missing or not a boolean. */
export function flagOf(source: PsValue | undefined, name: string): boolean | undefined {
  const primitive = primitiveOf(property(source, name));
  return typeof primitive === 'boolean' ? primitive : undefined;
}

/** Returns the items of a list property; empty if it is missing, null or not a list. */
export function itemsOf(source: PsValue | undefined, name: string): readonly PsValue[] {
  return listItems(property(source, name)) ?? [];
}

/**
 * Returns the call id (`ci`), which responses carry back.
 *
 * @throws {PsrpError} `message-malformed`.
 */
export function callIdOf(source: PsValue | undefined): bigint {
  const primitive = primitiveOf(property(source, 'ci'));
  if (typeof primitive === 'bigint') return primitive;
  if (typeof primitive === 'number') return BigInt(primitive);
  throw missing('ci');
}

/**
 * Returns the value of a required property.
 *
 * @throws {PsrpError} `message-malformed`.
 */
export function need<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw missing(name);
  return value;
}

/** Creates a value of an enumeration in a PSRP message; all are based on Int32. */
export function enumOf(typeName: string, names: readonly string[], value: number): PsObject {
  return psEnum(typeName, value, names[value] ?? String(value));
}

function missing(name: string): PsrpError {
  return new PsrpError('message-malformed', `Property ${name} is missing or has the wrong type`);
}
