/**
 * The values that PowerShell's serialised form (CLIXML, MS-PSRP 2.2.5) can carry, as JavaScript sees them.
 *
 * Where JavaScript has a natural value that stands for exactly one CLIXML type, that value is used:
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
 * Every other primitive is a {@link PsScalar}, everything else a {@link PsObject}. A JavaScript number is always an
 * Int32: a Double is `new PsScalar('Db', 1.5)`, so that no value changes its type on the way.
 */

/**
 * What each tagged primitive holds, by its CLIXML element (MS-PSRP 2.2.5.1).
 *
 * `C` is one UTF-16 code unit; `Sg` the number that the Single is, such as `Math.fround(1.1)`. `D`, `DT`, `TS`, `G`,
 * `URI`, `Version`, `XD`, `SBK` and `SS` keep the text that CLIXML has, because JavaScript has no value of the same
 * range or precision: a decimal of 29 digits, a time in units of 100 ns with its kind
 * (`2024-02-29T23:59:59.1234567Z`), an XML duration (`P1DT2H`), a lower-case GUID, an encrypted secure string.
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

/** A progress record (MS-PSRP 2.2.5.1.25), as PowerShell writes it when one is a value or goes to standard error. */
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

/** The CLIXML elements of the primitives that need a tag in JavaScript. */
export type PsScalarTag = keyof PsScalarValues;

/** One {@link PsScalar} type per tag, so that checking `tag` narrows `value`. */
export type AnyPsScalar = { [Tag in PsScalarTag]: PsScalar<Tag> }[PsScalarTag];

/** A value without parts (MS-PSRP 2.2.5.1), never null. */
export type PsPrimitive = string | boolean | number | bigint | Uint8Array | AnyPsScalar;

/** Any value that CLIXML can carry. */
export type PsValue = null | PsPrimitive | PsObject;

/** A primitive whose .NET type JavaScript cannot show by itself. Immutable. */
export class PsScalar<Tag extends PsScalarTag = PsScalarTag> {
  readonly tag: Tag;
  readonly value: PsScalarValues[Tag];

  constructor(tag: Tag, value: PsScalarValues[Tag]) {
    this.tag = tag;
    this.value = value;
  }
}

/** The kinds of ordered collection: list, other enumerable, stack (top first) and queue (MS-PSRP 2.2.5.2.6). */
export type PsSequenceKind = 'LST' | 'IE' | 'STK' | 'QUE';

/** What a {@link PsObject} holds if it is an ordered collection. */
export class PsSequence {
  readonly kind: PsSequenceKind;
  readonly items: PsValue[];

  constructor(kind: PsSequenceKind, items: PsValue[]) {
    this.kind = kind;
    this.items = items;
  }
}

/** What a {@link PsObject} holds if it is a dictionary (MS-PSRP 2.2.5.2.6.4). Keys may be of any type; the order is kept. */
export class PsDictionary {
  readonly kind = 'DCT';
  readonly entries: [key: PsValue, value: PsValue][];

  constructor(entries: [key: PsValue, value: PsValue][]) {
    this.entries = entries;
  }
}

/** Properties in their order. Look names up with {@link property}, which ignores case as PowerShell does. */
export type PsProperties = ReadonlyMap<string, PsValue>;

/** The parts of a {@link PsObject}; those left out are empty. */
export interface PsObjectParts {
  typeNames?: readonly string[];
  toStringText?: string | undefined;
  base?: PsBase | undefined;
  adapted?: PsProperties;
  extended?: PsProperties;
}

/**
 * What a {@link PsObject} wraps: a primitive that has been extended (an enum value, say), a collection, or, rarely,
 * another object.
 */
export type PsBase = PsPrimitive | PsSequence | PsDictionary | PsObject;

/** Shared by all objects and lists without properties or type names. */
const noProperties: PsProperties = new Map();
const noTypeNames: readonly string[] = Object.freeze([]);
const noParts: PsObjectParts = Object.freeze({});

/**
 * A complex object (MS-PSRP 2.2.5.2). Identity counts: an instance that occurs twice is written once and referred to,
 * and a reference that is read gives the same instance. References can make a cycle.
 */
export class PsObject {
  /** From the most derived type to System.Object. Empty if the sender did not say. */
  typeNames: readonly string[];
  /** What `ToString()` gave at the sender, if it was sent. */
  toStringText: string | undefined;
  base: PsBase | undefined;
  /** `<Props>`: the properties of the .NET object. */
  adapted: PsProperties;
  /** `<MS>`: the properties that PowerShell added; all those of a PSCustomObject. */
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
 * A named group of extended properties (`<MS N="PSStandardMembers">`, MS-PSRP 2.2.5.2.9): its members are in
 * `extended`, its other parts are empty. It can only be the value of an extended property.
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

/** Type names of an ArrayList, which is what PSRP's own messages hold their lists in. */
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
 * An object with these extended properties, in this order.
 *
 * @param typeNames none by default, as in PSRP's own messages; {@link customObjectTypeNames} make it a PSCustomObject.
 */
export function psObject(
  properties: Readonly<Record<string, PsValue>> | Iterable<readonly [string, PsValue]>,
  typeNames: readonly string[] = noTypeNames,
): PsObject {
  const entries = isIterable(properties) ? properties : Object.entries(properties);
  return new PsObject({ typeNames, extended: new Map(entries) });
}

/** A list: an ArrayList unless other type names are given. */
export function psList(
  items: Iterable<PsValue>,
  typeNames: readonly string[] = arrayListTypeNames,
): PsObject {
  return new PsObject({ typeNames, base: new PsSequence('LST', [...items]) });
}

/** A dictionary: a Hashtable unless other type names are given. */
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
 * A value of an enumeration.
 *
 * @param typeName of the enumeration, such as `System.DayOfWeek`.
 * @param value Int32 unless the enumeration has another underlying type.
 * @param name of the value, as `ToString()` gives it.
 */
export function psEnum(typeName: string, value: PsPrimitive, name?: string): PsObject {
  return new PsObject({
    typeNames: [typeName, 'System.Enum', 'System.ValueType', 'System.Object'],
    toStringText: name,
    base: value,
  });
}

/**
 * The property of that name, or undefined. Case is ignored as PowerShell does; extended properties hide adapted ones.
 * Values other than objects have none.
 */
export function property(value: PsValue | undefined, name: string): PsValue | undefined {
  if (!(value instanceof PsObject)) return undefined;
  const found = lookUp(value.extended, name);
  return found === undefined ? lookUp(value.adapted, name) : found;
}

/** The value at that string key of a dictionary, or undefined. Case is ignored as a PowerShell hashtable does. */
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

/** The items of a list, stack, queue or other enumerable; undefined for any other value. */
export function listItems(value: PsValue | undefined): readonly PsValue[] | undefined {
  if (!(value instanceof PsObject) || !(value.base instanceof PsSequence)) return undefined;
  return value.base.items;
}

/** What an object wraps if that is a primitive (an enum's number, an extended string); a primitive is itself. */
export function primitiveOf(value: PsValue | undefined): PsPrimitive | undefined {
  if (value === undefined || value === null) return undefined;
  if (!(value instanceof PsObject)) return value;
  const { base } = value;
  return base instanceof PsSequence || base instanceof PsDictionary ? undefined : primitiveOf(base);
}

/** A {@link PsScalar} of any tag; narrow it further by `tag`. */
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
