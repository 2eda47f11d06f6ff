import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { sampleTexts } from './sample-texts.ts';

/**
 * One value, and whether its schema accepts it. The value is JSON text, so that every validator starts from the same
 * bytes.
 */
export interface Vector {
  readonly why: string;
  readonly valid: boolean;
  readonly json: string;
}

interface Case {
  readonly why: string;
  readonly value: unknown;
}

/** Values that a schema accepts (the plainest first), and values that it just rejects. */
interface Cases {
  readonly good: readonly [Case, ...Case[]];
  readonly bad: readonly Case[];
}

interface SchemaNode {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: false;
  readonly items?: SchemaNode;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly anyOf?: readonly SchemaNode[];
  readonly const?: unknown;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly multipleOf?: number;
}

const one = (why: string, value: unknown): Case => ({ why, value });

function ofObject({ properties = {}, required = [], additionalProperties }: SchemaNode): Cases {
  const parts = Object.entries(properties).map(([key, schema]) => ({ key, cases: casesOf(schema) }));
  const base = Object.fromEntries(parts.map(({ key, cases }) => [key, cases.good[0].value]));
  const changed = (key: string, cases: readonly Case[]): Case[] =>
    cases.map(({ why, value }) => one(`${key}: ${why}`, { ...base, [key]: value }));
  const without = (key: string): unknown =>
    Object.fromEntries(Object.entries(base).filter(([name]) => name !== key));
  const optional = Object.keys(properties).filter((key) => !required.includes(key));
  return {
    good: [
      one('everything there', base),
      ...parts.flatMap(({ key, cases }) => changed(key, cases.good.slice(1))),
      ...optional.map((key) => one(`without ${key}`, without(key))),
      ...(additionalProperties === false ? [] : [one('with a field more', { ...base, unknown: 1 })]),
    ],
    bad: [
      ...parts.flatMap(({ key, cases }) => changed(key, cases.bad)),
      ...required.map((key) => one(`without ${key}`, without(key))),
      ...(additionalProperties === false ? [one('with a field more', { ...base, unknown: 1 })] : []),
      one('an array', [base]),
      one('null', null),
      one('a text', 'object'),
    ],
  };
}

function ofArray({ items = {}, minItems = 0, maxItems }: SchemaNode): Cases {
  const element = casesOf(items);
  const plain = element.good[0].value;
  const many = (count: number): unknown[] => Array.from({ length: count }, () => plain);
  // Lists of maximum length only if they are short enough to be readable in a file.
  const limit = maxItems !== undefined && maxItems <= 64 ? maxItems : undefined;
  return {
    good: [
      one('one element', [plain]),
      ...(minItems === 0 ? [one('no element', [])] : []),
      ...element.good.slice(1).map(({ why, value }) => one(`[0]: ${why}`, [value])),
      ...(limit === undefined ? [] : [one(`${limit} elements`, many(limit))]),
    ],
    bad: [
      ...element.bad.map(({ why, value }) => one(`[1]: ${why}`, [plain, value])),
      ...(limit === undefined ? [] : [one(`${limit + 1} elements`, many(limit + 1))]),
      one('its element alone', plain),
      one('an object', { 0: plain, length: 1 }),
    ],
  };
}

function ofText({ pattern, minLength, maxLength }: SchemaNode): Cases {
  const wrongType = [one('a number', 1), one('null', null), one('a list of it', ['a'])];
  if (pattern !== undefined) {
    const [first, ...more] = sampleTexts(pattern);
    // Long texts would make the vector files unreadable.
    const tooLong =
      maxLength === undefined || maxLength > 4096
        ? []
        : [one('too long', `${first.value}${'a'.repeat(maxLength)}`)];
    return {
      good: [one(first.why, first.value), ...more.filter(({ fits }) => fits)],
      bad: [...more.filter(({ fits }) => !fits), ...tooLong, ...wrongType],
    };
  }
  const least = minLength ?? 0;
  const most = maxLength ?? 64;
  return {
    good: [
      one('a text', 'a'.repeat(Math.max(least, 1))),
      ...(least === 0 ? [one('an empty text', '')] : []),
      one('quotes, backslashes, line ends, a zero', '"\\\r\n\t\u0000'.slice(0, most)),
      one('the longest', 'a'.repeat(most)),
      one('the longest, of characters beyond the Basic Multilingual Plane', '\u{1F5A5}'.repeat(most)),
      one('a date that must stay a text', '2026-01-01T00:00:00Z'.slice(0, most)),
    ],
    bad: [
      ...(least > 0 ? [one('too short', 'a'.repeat(least - 1))] : []),
      ...(maxLength === undefined ? [] : [one('too long', 'a'.repeat(most + 1))]),
      ...wrongType,
    ],
  };
}

function ofNumber({ type, minimum = -1_000, maximum = 1_000, multipleOf = 1 }: SchemaNode): Cases {
  const whole = type === 'integer';
  const low = Math.ceil(minimum / multipleOf) * multipleOf;
  const high = Math.floor(maximum / multipleOf) * multipleOf;
  return {
    good: [
      one('the least', low),
      one('the greatest', high),
      ...(whole ? [] : [one('a fraction', low + 0.5)]),
    ],
    bad: [
      one('too small', low - multipleOf),
      ...(high + multipleOf <= Number.MAX_SAFE_INTEGER ? [one('too great', high + multipleOf)] : []),
      ...(multipleOf > 1 ? [one(`no multiple of ${multipleOf}`, low + 1)] : []),
      ...(whole ? [one('a fraction', low + 0.5)] : []),
      one('a text', String(low)),
      one('true', true),
      one('null', null),
    ],
  };
}

const byType: Readonly<Record<string, (schema: SchemaNode) => Cases>> = {
  object: ofObject,
  array: ofArray,
  string: ofText,
  integer: ofNumber,
  number: ofNumber,
  boolean: () => ({
    good: [one('true', true), one('false', false)],
    bad: [one('a text', 'true'), one('a number', 1), one('null', null)],
  }),
  null: () => ({ good: [one('null', null)], bad: [one('false', false), one('an empty text', '')] }),
};

/** Changes the case of a letter, because enumerations and constants are case-sensitive. */
function otherCase(text: string): string {
  const lower = text.toLowerCase();
  return lower === text ? text.toUpperCase() : lower;
}

function casesOf(schema: SchemaNode): Cases {
  if (schema.anyOf) {
    const branches = schema.anyOf.map(casesOf);
    const [first, ...more] = branches.flatMap(({ good }) => good);
    if (!first) throw new Error('A union of nothing.');
    return { good: [first, ...more], bad: branches.flatMap(({ bad }) => bad) };
  }
  if (schema.enum) {
    const [first = '', ...more] = schema.enum;
    return {
      good: [one(first, first), ...more.map((choice) => one(choice, choice))],
      bad: [one('another text', `${first}x`), one('other case', otherCase(first)), one('a number', 0)],
    };
  }
  if (schema.const !== undefined) {
    const value = schema.const;
    return {
      good: [one('the constant', value)],
      bad: [
        one(
          'another value',
          typeof value === 'string' ? otherCase(value) : typeof value === 'number' ? value + 1 : !value,
        ),
        one('another type', typeof value === 'string' ? 1 : JSON.stringify(value)),
      ],
    };
  }
  const make = schema.type === undefined ? undefined : byType[schema.type];
  return make?.(schema) ?? { good: [one('anything', {}), one('a text', 'x')], bad: [] };
}

/**
 * Returns the vectors of one schema. A rejected case of one branch of a union that another branch accepts becomes an
 * accepted one.
 */
export function vectorsOf(schema: TSchema): Vector[] {
  const { good, bad } = casesOf(JSON.parse(JSON.stringify(schema)) as SchemaNode);
  const check = Compile(schema);
  const seen = new Set<string>();
  return [
    ...good.map((each) => ({ ...each, meant: true })),
    ...bad.map((each) => ({ ...each, meant: false })),
  ].flatMap(({ why, value, meant }) => {
    const json = JSON.stringify(value);
    if (seen.has(json)) return [];
    seen.add(json);
    const valid = check.Check(value);
    if (meant && !valid) throw new Error(`${why}: ${json.slice(0, 300)} should be valid.`);
    return [{ why, valid, json }];
  });
}
