/** Unusable option or argument. */
export class OptionError extends TypeError {
  override readonly name = 'OptionError';
  /** Path of the option, for example `limits.maxObjectSize`. */
  readonly option: string;

  constructor(option: string, expected: string, given: unknown) {
    super(`${option} must be ${expected}, not ${describe(given)}`);
    this.option = option;
  }
}

/** Rule for the values of an option. */
export interface OptionRule {
  readonly expected: string;
  readonly allows: (value: unknown) => boolean;
}

/** Rules by option name. Optional options may be undefined. */
export type OptionRules<Options> = { readonly [Name in keyof Options]?: OptionRule };

const rule = (expected: string, allows: OptionRule['allows']): OptionRule => ({ expected, allows });

const isObject = (value: unknown): value is Record<string, unknown> =>
  (typeof value === 'object' && value !== null) || typeof value === 'function';

/** Longest delay of a timer, in milliseconds: 2^31 - 1. */
const maxMs = 2_147_483_647;

/** Shared rules. */
export const rules = {
  text: rule('a string', (value) => typeof value === 'string'),
  flag: rule('a boolean', (value) => typeof value === 'boolean'),
  call: rule('a function', (value) => typeof value === 'function'),
  object: rule('an object', isObject),
  list: rule('an array', Array.isArray),
  /** CLIXML or a keytab. */
  textOrBytes: rule('a string or bytes', (value) => typeof value === 'string' || value instanceof Uint8Array),
  /** One string or several. */
  texts: rule('a string or an array of strings', (value) => typeof value === 'string' || isTexts(value)),
  iterable: rule('an iterable', (value) => isObject(value) && Symbol.iterator in value),
  textList: rule('an array of strings', isTexts),
  readable: rule(
    'a readable stream',
    (value) => isObject(value) && typeof value['pipe'] === 'function' && Symbol.asyncIterator in value,
  ),
  writable: rule(
    'a writable stream',
    (value) => isObject(value) && typeof value['write'] === 'function' && typeof value['on'] === 'function',
  ),
  signal: rule('an AbortSignal', (value) => value instanceof AbortSignal),
  /** Limit in bytes: a positive integer, or Infinity. */
  size: rule('a positive whole number', (value) => isCount(value, 1, Infinity) || value === Infinity),
  /** Quota: an integer from 0, or Infinity. */
  quota: rule('a whole number of 0 or more', (value) => isCount(value, 0, Infinity) || value === Infinity),
  count: rule('a positive whole number', (value) => isCount(value, 1, maxMs)),
  duration: rule(`a number of milliseconds from 0 to ${maxMs}`, (value) => isDuration(value, 0)),
  guid: rule(
    'a GUID',
    (value) => typeof value === 'string' && /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value),
  ),
  url: rule('an http or https URL without credentials', isEndpoint),
  /** Object with these methods. */
  with: (what: string, ...methods: readonly string[]): OptionRule =>
    rule(what, (value) => isObject(value) && methods.every((name) => typeof value[name] === 'function')),
  /** Milliseconds, with a minimum. */
  durationFrom: (least: number): OptionRule =>
    rule(`a number of milliseconds from ${least} to ${maxMs}`, (value) => isDuration(value, least)),
  /** Integer, with a minimum. */
  countFrom: (least: number): OptionRule =>
    rule(`a whole number of ${least} or more`, (value) => isCount(value, least, Infinity)),
} as const;

/**
 * Validates options by a table of rules.
 *
 * @param required names of required options.
 * @param path path of the options object, if it is nested in other options.
 * @throws {OptionError} for the first option that is missing or unusable.
 */
export function checkOptions<Options extends object>(
  options: Options,
  table: OptionRules<Options>,
  required: readonly (keyof Options & string)[] = [],
  path = '',
): void {
  const given: unknown = options;
  if (!isObject(given)) throw new OptionError(path === '' ? 'options' : path, 'an object', given);
  for (const [name, { expected, allows }] of Object.entries<OptionRule>(
    table as Record<string, OptionRule>,
  )) {
    const value = given[name];
    const isMissing = value === undefined && !required.some((needed) => needed === name);
    if (!isMissing && !allows(value)) {
      throw new OptionError(path === '' ? name : `${path}.${name}`, expected, value);
    }
  }
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

function isCount(value: unknown, least: number, most: number): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= most;
}

function isDuration(value: unknown, least: number): boolean {
  return typeof value === 'number' && value >= least && value <= maxMs;
}

function isEndpoint(value: unknown): boolean {
  if (typeof value !== 'string' && !(value instanceof URL)) return false;
  if (!URL.canParse(String(value))) return false;
  const { protocol, username, password } = new URL(value);
  return (protocol === 'http:' || protocol === 'https:') && username === '' && password === '';
}

/** Describes a value without its text, which may be a secret. */
function describe(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value === 'number') return String(value);
  return typeof value;
}
