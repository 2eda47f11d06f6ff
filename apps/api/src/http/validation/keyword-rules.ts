import {
  ArrayMaxSize,
  ArrayMinSize,
  Equals,
  IsArray,
  IsBoolean,
  IsDivisibleBy,
  IsIn,
  IsInt,
  IsNumber,
  IsObject,
  IsString,
  Matches,
  Max,
  Min,
  ValidateBy,
  type ValidationOptions,
} from 'class-validator';
import type { TSchema } from 'typebox';
import { Check, Errors } from 'typebox/value';
import { patternWords } from './pattern-words.ts';

type Rule = (value: never, options: ValidationOptions) => PropertyDecorator;

/** The decorator for each `type` of JSON Schema. */
const typeRules: Readonly<Record<string, (options: ValidationOptions) => PropertyDecorator>> = {
  string: (options) => IsString(options),
  boolean: (options) => IsBoolean(options),
  integer: (options) => IsInt(options),
  number: (options) => IsNumber({}, options),
  object: (options) => IsObject(options),
  array: (options) => IsArray(options),
};

/** The decorator for each keyword that restricts a value of its type. */
const keywordRules = {
  enum: (values: readonly unknown[], options) => IsIn(values, options),
  const: (value: unknown, options) => Equals(value, options),
  pattern: (pattern: string, options) =>
    Matches(new RegExp(pattern), { ...options, message: named(wordsOf(pattern), options) }),
  minLength: (length: number, options) =>
    codePoints('minLength', `must have at least ${length} characters`, (count) => count >= length, options),
  maxLength: (length: number, options) =>
    codePoints('maxLength', `must have at most ${length} characters`, (count) => count <= length, options),
  minimum: (least: number, options) => Min(least, options),
  maximum: (most: number, options) => Max(most, options),
  multipleOf: (divisor: number, options) => IsDivisibleBy(divisor, options),
} as const satisfies Readonly<Record<string, Rule>>;

/** The decorator for each keyword that restricts a list as a whole. */
const listRules = {
  minItems: (least: number) => ArrayMinSize(least),
  maxItems: (most: number) => ArrayMaxSize(most),
} as const satisfies Readonly<Record<string, (value: never) => PropertyDecorator>>;

/** Keywords that are handled when the class is created, or that restrict nothing. */
const structural = new Set([
  'properties',
  'required',
  'additionalProperties',
  'items',
  'description',
  'writeOnly',
  'explode',
  '$id',
]);

/**
 * Returns the decorators for the keywords of one value.
 *
 * @param each Applies them to the elements of a list.
 * @throws TypeError for a keyword or a type that no decorator is defined for.
 */
export function decoratorsOf(schema: TSchema, each: boolean): PropertyDecorator[] {
  const { type, ...keywords } = JSON.parse(JSON.stringify(schema)) as Record<string, unknown>;
  const options = { each };
  return [
    ...(type === undefined ? [] : [typeRule(type)(options)]),
    ...Object.entries(keywords).flatMap(([keyword, value]) => {
      if (structural.has(keyword)) return [];
      if (Object.hasOwn(listRules, keyword) && !each) {
        return [listRules[keyword as keyof typeof listRules](value as never)];
      }
      if (!Object.hasOwn(keywordRules, keyword)) {
        throw new TypeError(`No class-validator rule is defined for the keyword ${keyword}.`);
      }
      return [keywordRules[keyword as keyof typeof keywordRules](value as never, options)];
    }),
  ];
}

/** Validates a union as a whole with TypeBox. */
export function fitsUnion(schema: TSchema, each: boolean): PropertyDecorator {
  return ValidateBy(
    {
      name: 'anyOf',
      validator: {
        validate: (value) => Check(schema, value),
        defaultMessage: (args) => `$property ${unionProblem(schema, args?.value)}`,
      },
    },
    { each },
  );
}

function unionProblem(schema: TSchema, value: unknown): string {
  // The intended alternative of a union is the one whose errors are nested deepest.
  const [deepest] = [...Errors(schema, value)].sort((a, b) => depth(b.instancePath) - depth(a.instancePath));
  if (deepest === undefined || deepest.instancePath === '') return 'does not match any of its alternatives';
  const { pattern } = deepest.params as { readonly pattern?: unknown };
  const words = typeof pattern === 'string' ? wordsOf(pattern) : deepest.message;
  return `does not match any of its alternatives: ${deepest.instancePath.slice(1).replaceAll('/', '.')} ${words}`;
}

function wordsOf(pattern: string): string {
  return patternWords(pattern) ?? 'does not have the required format';
}

/** Returns a message about a property, or about the elements of a list. */
function named(message: string, { each = false }: ValidationOptions): string {
  return `${each ? 'each value in ' : ''}$property ${message}`;
}

function depth(path: string): number {
  return path.split('/').length;
}

function typeRule(type: unknown): (options: ValidationOptions) => PropertyDecorator {
  const rule = typeof type === 'string' && Object.hasOwn(typeRules, type) ? typeRules[type] : undefined;
  if (rule === undefined)
    throw new TypeError(`No class-validator rule is defined for the type ${String(type)}.`);
  return rule;
}

/** Counts code points, as JSON Schema does; class-validator's `MaxLength` ignores variation selectors. */
function codePoints(
  name: string,
  message: string,
  fits: (count: number) => boolean,
  options: ValidationOptions,
): PropertyDecorator {
  const validate = (value: unknown): boolean => typeof value === 'string' && fits(Array.from(value).length);
  return ValidateBy({ name, validator: { validate, defaultMessage: () => `$property ${message}` } }, options);
}
