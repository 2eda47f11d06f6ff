import { checkOptions, rules, type OptionRules } from '../options.ts';
import { ClixmlError } from './errors.ts';
import {
  PsDictionary,
  PsObject,
  PsScalar,
  PsSequence,
  type AnyPsScalar,
  type PsBase,
  type PsPrimitive,
  type PsValue,
} from './values.ts';

/** Limits of {@link toPlain}. */
export interface PlainLimits {
  /**
   * Maximum number of values in the result. Default 1,000,000: references can expand a short text to very many values.
   */
  maxValues?: number;
}

const plainRules: OptionRules<PlainLimits> = { maxValues: rules.size };

/**
 * Converts a value for display and JSON: dictionaries and objects become plain objects, lists and bytes arrays, numbers
 * of all types numbers (64-bit integers only if exact, otherwise text), enum values their name, all other values text.
 * Loses types and the properties of lists and strings. A reference that closes a cycle becomes null.
 *
 * @throws {ClixmlError} `too-large` if the result exceeds the limit.
 * @throws {OptionError} if the limit is unusable.
 */
export function toPlain(value: PsValue, limits: PlainLimits = {}): unknown {
  checkOptions(limits, plainRules, [], 'limits');
  return new PlainWriter(limits.maxValues ?? 1_000_000).value(value);
}

class PlainWriter {
  #left: number;
  readonly #path = new Set<PsObject>();

  constructor(maxValues: number) {
    this.#left = maxValues;
  }

  value(value: PsValue): unknown {
    this.#left--;
    if (this.#left < 0) throw new ClixmlError('too-large', 'Too many values');
    if (value === null) return null;
    if (!(value instanceof PsObject)) return plainPrimitive(value);
    if (this.#path.has(value)) return null;
    this.#path.add(value);
    const plain = this.#object(value);
    this.#path.delete(value);
    return plain;
  }

  #object(value: PsObject): unknown {
    if (value.base !== undefined) {
      const isEnum = value.typeNames.some((name) => /^(?:Deserialized\.)?System\.Enum$/.test(name));
      return isEnum && value.toStringText !== undefined ? value.toStringText : this.#base(value.base);
    }
    const { adapted, extended } = value;
    if (adapted.size + extended.size === 0 && value.toStringText !== undefined) return value.toStringText;
    // Object.fromEntries makes own properties even of names like __proto__.
    return Object.fromEntries(
      [...adapted, ...extended].map(([name, item]): [string, unknown] => [name, this.value(item)]),
    );
  }

  #base(base: PsBase): unknown {
    if (base instanceof PsSequence) return base.items.map((item) => this.value(item));
    if (base instanceof PsDictionary) {
      return Object.fromEntries(base.entries.map(([key, item]) => [plainKey(key), this.value(item)]));
    }
    return this.value(base);
  }
}

function plainKey(key: PsValue): string {
  if (key instanceof PsObject) return key.toStringText ?? key.typeNames[0] ?? '';
  return key === null ? '' : String(plainPrimitive(key));
}

function plainPrimitive(value: PsPrimitive): unknown {
  if (typeof value === 'bigint') return plainLong(value);
  if (value instanceof PsScalar) return plainScalar(value);
  return value instanceof Uint8Array ? Array.from(value) : value;
}

function plainScalar(scalar: AnyPsScalar): unknown {
  switch (scalar.tag) {
    case 'U64':
      return plainLong(scalar.value);
    case 'Sg':
      return plainFloat(Number(scalar.value.toPrecision(7)), scalar.value);
    case 'Db':
      return plainFloat(scalar.value, scalar.value);
    default:
      return scalar.value;
  }
}

/**
 * Converts a float. NaN and infinities become text; a Single gets the short decimal form if that is the same Single.
 */
function plainFloat(short: number, exact: number): unknown {
  if (!Number.isFinite(exact)) return String(exact);
  return Math.fround(short) === Math.fround(exact) ? short : exact;
}

function plainLong(value: bigint): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}
