/**
 * Values of PowerShell's serialization format (CLIXML, MS-PSRP 2.2.5) in JavaScript.
 *
 * These JavaScript values map to exactly one CLIXML type:
 *
 * | JavaScript   | CLIXML  | .NET           |
 * | ------------ | ------- | -------------- |
 * | `null`       | `<Nil>` | null           |
 * | `string`     | `<S>`   | System.String  |
 * | `boolean`    | `<B>`   | System.Boolean |
 * | `number`     | `<I32>` | System.Int32   |
 * | `bigint`     | `<I64>` | System.Int64   |
 * | `Uint8Array` | `<BA>`  | System.Byte[]  |
 *
 * All other primitives are a {@link PsScalar}, all other values a {@link PsObject}. A JavaScript number is always an
 * Int32, so that no value changes its type in a round trip: a Double is `new PsScalar('Db', 1.5)`.
 */

/**
 * Value types of tagged primitives, by their CLIXML element (MS-PSRP 2.2.5.1).
 *
 * `C` is one UTF-16 code unit; `Sg` the exact value of a Single, such as `Math.fround(1.1)`. `D`, `DT`, `TS`, `G`,
 * `URI`, `Version`, `XD`, `SBK` and `SS` keep the CLIXML text, because JavaScript has no value of the same range or
 * precision: a decimal of 29 digits, a time in units of 100 ns with its kind (`2024-02-29T23:59:59.1234567Z`), an XML
 * duration (`P1DT2H`), a lower-case GUID, an encrypted secure string.
 */
export interface PsScalarValues {
  C: string;
  By: number;
  SB: number;
  U16: number;
  I16: number;
  U32: number;
  U64: bigint;
  Sg: number;
  Db: number;
  D: string;
  DT: string;
  TS: string;
  G: string;
  URI: string;
  Version: string;
  XD: string;
  SBK: string;
  SS: string;
  PR: PsProgress;
}

/** Progress record as a value or on standard error (MS-PSRP 2.2.5.1.25). */
export interface PsProgress {
  activity: string;
  activityId: number;
  currentOperation: string | null;
  parentActivityId: number;
  /** -1 if not known. */
  percentComplete: number;
  /** `Processing` or `Completed`. */
  type: string;
  /** -1 if not known. */
  secondsRemaining: number;
  statusDescription: string;
}

/** CLIXML element of a primitive that needs a tag in JavaScript. */
export type PsScalarTag = keyof PsScalarValues;

/** Union of {@link PsScalar} by tag: checking `tag` narrows `value`. */
export type AnyPsScalar = { [Tag in PsScalarTag]: PsScalar<Tag> }[PsScalarTag];

/** Primitive value (MS-PSRP 2.2.5.1), never null. */
export type PsPrimitive = string | boolean | number | bigint | Uint8Array | AnyPsScalar;

/** Any CLIXML value. */
export type PsValue = null | PsPrimitive | PsObject;

/** Primitive of a .NET type without an equivalent in JavaScript. Immutable. */
export class PsScalar<Tag extends PsScalarTag = PsScalarTag> {
  readonly tag: Tag;
  readonly value: PsScalarValues[Tag];

  constructor(tag: Tag, value: PsScalarValues[Tag]) {
    this.tag = tag;
    this.value = value;
  }
}

/** Kind of an ordered collection: list, other enumerable, stack (top first) or queue (MS-PSRP 2.2.5.2.6). */
export type PsSequenceKind = 'LST' | 'IE' | 'STK' | 'QUE';

/** Content of a {@link PsObject} that is an ordered collection. */
export class PsSequence {
  readonly kind: PsSequenceKind;
  readonly items: PsValue[];

  constructor(kind: PsSequenceKind, items: PsValue[]) {
    this.kind = kind;
    this.items = items;
  }
}

/**
 * Content of a {@link PsObject} that is a dictionary (MS-PSRP 2.2.5.2.6.4). Keys may have any type; the order is kept.
 */
export class PsDictionary {
  readonly kind = 'DCT';
  readonly entries: [key: PsValue, value: PsValue][];

  constructor(entries: [key: PsValue, value: PsValue][]) {
    this.entries = entries;
  }
}

/** Ordered properties. Use {@link property} for PowerShell's case-insensitive lookup. */
export type PsProperties = ReadonlyMap<string, PsValue>;

/** Parts of a {@link PsObject}. Absent parts are empty. */
export interface PsObjectParts {
  typeNames?: readonly string[];
  toStringText?: string | undefined;
  base?: PsBase | undefined;
  adapted?: PsProperties;
  extended?: PsProperties;
}

/**
 * Base value of a {@link PsObject}: a primitive with properties (for example an enum value), a collection, or rarely
 * another object.
 */
export type PsBase = PsPrimitive | PsSequence | PsDictionary | PsObject;

/** Shared by all objects without properties or type names. */
const noProperties: PsProperties = new Map();
const noTypeNames: readonly string[] = Object.freeze([]);
const noParts: PsObjectParts = Object.freeze({});

/**
 * Complex object (MS-PSRP 2.2.5.2). Identity is significant: an instance that occurs twice is written once and
 * referenced after that, and reading a reference returns the same instance. References can form a cycle.
 */
export class PsObject {
  /** Type names, most derived first. Empty if the sender gave none. */
  typeNames: readonly string[];
  /** Result of `ToString()` at the sender; undefined if it was not sent. */
  toStringText: string | undefined;
  base: PsBase | undefined;
  /** `<Props>`: properties of the .NET object. */
  adapted: PsProperties;
  /** `<MS>`: properties added by PowerShell; all properties of a PSCustomObject. */
  extended: PsProperties;

  constructor(parts: PsObjectParts = noParts) {
    this.typeNames = parts.typeNames ?? noTypeNames;
    this.toStringText = parts.toStringText;
    this.base = parts.base;
    this.adapted = parts.adapted ?? noProperties;
    this.extended = parts.extended ?? noProperties;
  }
}

/**
 * Named group of extended properties (`<MS N="PSStandardMembers">`, MS-PSRP 2.2.5.2.9). Its members are in `extended`,
 * its other parts are empty. Valid only as the value of an extended property.
 */
export class PsMemberSet extends PsObject {
  constructor(members: PsProperties) {
    super({ extended: members });
  }
}

/** Type names of a PSCustomObject. */
export const customObjectTypeNames: readonly string[] = Object.freeze([
  'System.Management.Automation.PSCustomObject',
  'System.Object',
]);

/** Type names of an ArrayList, the list type in PSRP messages. */
export const arrayListTypeNames: readonly string[] = Object.freeze([
  'System.Collections.ArrayList',
  'System.Object',
]);

/** Type names of an array of objects. */
export const objectArrayTypeNames: readonly string[] = Object.freeze([
  'System.Object[]',
  'System.Array',
  'System.Object',
]);

/** Type names of a Hashtable. */
export const hashtableTypeNames: readonly string[] = Object.freeze([
  'System.Collections.Hashtable',
  'System.Object',
]);

/**
 * Creates an object with these extended properties, in this order.
 *
 * @param typeNames default none, as in PSRP messages; {@link customObjectTypeNames} make it a PSCustomObject.
 */
export function psObject(
  properties: Readonly<Record<string, PsValue>> | Iterable<readonly [string, PsValue]>,
  typeNames: readonly string[] = noTypeNames,
): PsObject {
  const entries = isIterable(properties) ? properties : Object.entries(properties);
  return new PsObject({ typeNames, extended: new Map(entries) });
}

/** Creates a list. Default type: ArrayList. */
export function psList(
  items: Iterable<PsValue>,
  typeNames: readonly string[] = arrayListTypeNames,
): PsObject {
  return new PsObject({ typeNames, base: new PsSequence('LST', [...items]) });
}

/** Creates a dictionary. Default type: Hashtable. */
export function psDictionary(
  entries: Readonly<Record<string, PsValue>> | Iterable<readonly [PsValue, PsValue]>,
  typeNames: readonly string[] = hashtableTypeNames,
): PsObject {
  const pairs = isIterable(entries) ? entries : Object.entries(entries);
  return new PsObject({
    typeNames,
    base: new PsDictionary(Array.from(pairs, ([key, value]) => [key, value])),
  });
}

/**
 * Creates a value of an enumeration.
 *
 * @param typeName name of the enumeration, for example `System.DayOfWeek`.
 * @param value Int32, unless the enumeration has another underlying type.
 * @param name name of the value, as returned by `ToString()`.
 */
export function psEnum(typeName: string, value: PsPrimitive, name?: string): PsObject {
  return new PsObject({
    typeNames: [typeName, 'System.Enum', 'System.ValueType', 'System.Object'],
    toStringText: name,
    base: value,
  });
}

/**
 * Returns a property by name; undefined if there is none, or if the value is not an object. Lookup is case-insensitive,
 * as in PowerShell, and prefers an exact match. Extended properties hide adapted ones.
 */
export function property(value: PsValue | undefined, name: string): PsValue | undefined {
  if (!(value instanceof PsObject)) return undefined;
  const found = lookUp(value.extended, name);
  return found === undefined ? lookUp(value.adapted, name) : found;
}

/** Returns the value of a string key of a dictionary; undefined if there is none. Lookup as in {@link property}. */
export function dictionaryEntry(value: PsValue | undefined, key: string): PsValue | undefined {
  if (!(value instanceof PsObject) || !(value.base instanceof PsDictionary)) return undefined;
  let found: PsValue | undefined;
  const folded = key.toLowerCase();
  for (const [candidate, entry] of value.base.entries) {
    if (candidate === key) return entry;
    if (found === undefined && typeof candidate === 'string' && candidate.toLowerCase() === folded)
      found = entry;
  }
  return found;
}

/** Returns the items of a list, stack, queue or other enumerable; undefined for any other value. */
export function listItems(value: PsValue | undefined): readonly PsValue[] | undefined {
  if (!(value instanceof PsObject) || !(value.base instanceof PsSequence)) return undefined;
  return value.base.items;
}

/** Returns a primitive, or the primitive base of an object (for example the number of an enum); otherwise undefined. */
export function primitiveOf(value: PsValue | undefined): PsPrimitive | undefined {
  if (value === undefined || value === null) return undefined;
  if (!(value instanceof PsObject)) return value;
  const { base } = value;
  return base instanceof PsSequence || base instanceof PsDictionary ? undefined : primitiveOf(base);
}

/** Returns whether a value is a {@link PsScalar}; narrow it further by `tag`. */
export function isPsScalar(value: unknown): value is AnyPsScalar {
  return value instanceof PsScalar;
}

function lookUp(properties: PsProperties, name: string): PsValue | undefined {
  const exact = properties.get(name);
  if (exact !== undefined || properties.size === 0) return exact;
  const folded = name.toLowerCase();
  for (const [candidate, value] of properties) {
    if (candidate.toLowerCase() === folded) return value;
  }
  return undefined;
}

function isIterable<T>(value: object | Iterable<T>): value is Iterable<T> {
  return Symbol.iterator in value;
}
