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

/** How the body of one type of message stands in CLIXML (MS-PSRP 2.2.2). */
export interface Codec<Body> {
  encode(body: Body): PsValue | undefined;
  /** @throws {PsrpError} `message-malformed`. */
  decode(payload: PsValue | undefined): Body;
}

/** What a person reads of a value: its `ToString()`, or a primitive's own text. Undefined if there is neither. */
export function displayText(value: PsValue | undefined): string | undefined {
  if (value instanceof PsObject && value.toStringText !== undefined) return value.toStringText;
  const primitive = primitiveOf(value);
  if (primitive === undefined || primitive instanceof Uint8Array) return undefined;
  const raw = isPsScalar(primitive) ? primitive.value : primitive;
  return typeof raw === 'object' ? undefined : String(raw);
}

/** A property's text, or undefined if it is missing, null or nothing that has a text. */
export function textOf(source: PsValue | undefined, name: string): string | undefined {
  return displayText(property(source, name));
}

/** A property's integer of any width, or undefined. */
export function integerOf(source: PsValue | undefined, name: string): number | undefined {
  const primitive = primitiveOf(property(source, name));
  const raw = isPsScalar(primitive) ? primitive.value : primitive;
  if (typeof raw === 'bigint') return Number(raw);
  return typeof raw === 'number' && Number.isInteger(raw) ? raw : undefined;
}

/** A property's boolean, or undefined. */
export function flagOf(source: PsValue | undefined, name: string): boolean | undefined {
  const primitive = primitiveOf(property(source, name));
  return typeof primitive === 'boolean' ? primitive : undefined;
}

/** A property's items; none where it is missing, null or no list. */
export function itemsOf(source: PsValue | undefined, name: string): readonly PsValue[] {
  return listItems(property(source, name)) ?? [];
}

/** A call id (`ci`), which answers carry back. */
export function callIdOf(source: PsValue | undefined): bigint {
  const primitive = primitiveOf(property(source, 'ci'));
  if (typeof primitive === 'bigint') return primitive;
  if (typeof primitive === 'number') return BigInt(primitive);
  throw missing('ci');
}

/**
 * A property that has to be there.
 *
 * @throws {PsrpError} `message-malformed`.
 */
export function need<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw missing(name);
  return value;
}

/** A value of one of the enumerations that PSRP's messages hold, which are all of Int32. */
export function enumOf(typeName: string, names: readonly string[], value: number): PsObject {
  return psEnum(typeName, value, names[value] ?? String(value));
}

function missing(name: string): PsrpError {
  return new PsrpError('message-malformed', `Property ${name} is missing or of another type`);
}
