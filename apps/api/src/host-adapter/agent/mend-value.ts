import { maxFactProblems, type FactProblem } from '@aether-v/types';
import type { TSchema } from 'typebox';
import { Check } from 'typebox/value';

/** The keywords that determine the blank value of a schema. */
interface Shape {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Shape[];
  readonly items?: Shape;
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly required?: readonly string[];
  readonly maxItems?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly minimum?: number;
}

/** Marks a part that can be neither kept nor blanked. */
const unusable = Symbol('unusable');

/** The parts of a VM or host that could not be kept, limited to the number a row can hold. */
export class Problems {
  readonly list: FactProblem[] = [];

  /** Adds a problem; the last one that fits states that there are more. */
  add(part: string, message: string): void {
    if (this.list.length >= maxFactProblems) return;
    const isLast = this.list.length === maxFactProblems - 1;
    this.list.push(
      isLast ? { part: '', message: 'There are more problems.' } : { part: part.slice(0, 128), message },
    );
  }
}

/**
 * Makes a value conform to the contract with minimal loss: a nullable field becomes null, a list entry is omitted, a
 * text is truncated, a path emptied, an enumeration becomes `Unknown` or `Other`. Each loss is recorded.
 *
 * @returns Undefined if a required part has no blank value.
 */
export function mendValue(schema: TSchema, value: unknown, problems: Problems): unknown {
  const mended = mend(schema, value, '', problems);
  return mended === unusable ? undefined : mended;
}

function mend(shape: Shape, value: unknown, part: string, problems: Problems): unknown {
  if (Check(shape as TSchema, value)) return value;
  if (shape.anyOf !== undefined) return mendUnion(shape.anyOf, value, part, problems);
  if (shape.type === 'array') return mendList(shape, value, part, problems);
  if (shape.properties !== undefined) return mendObject(shape, value, part, problems);
  const blank = blankOf(shape, value, part);
  if (blank !== unusable) problems.add(part, 'The host reported an invalid value.');
  return blank;
}

function mendUnion(members: readonly Shape[], value: unknown, part: string, problems: Problems): unknown {
  const isNullable = members.some(({ type }) => type === 'null');
  const shapes = members.filter((member) => member.type === 'object' || member.type === 'array');
  const [only, ...more] = shapes;
  if (only !== undefined && more.length === 0 && typeof value === 'object' && value !== null) {
    const mended = mend(only, value, part, problems);
    if (mended !== unusable) return mended;
  }
  if (!isNullable) return unusable;
  problems.add(part, 'The host reported an invalid value.');
  return null;
}

function mendList({ items, maxItems = 0 }: Shape, value: unknown, part: string, problems: Problems): unknown {
  if (!Array.isArray(value)) {
    problems.add(part, 'The host did not report a list.');
    return [];
  }
  if (value.length > maxItems)
    problems.add(part, `The host reported ${value.length} items; only ${maxItems} are kept.`);
  const kept: unknown[] = [];
  for (const [at, item] of (value as unknown[]).slice(0, maxItems).entries()) {
    const name = `${part} ${nameOf(item) ?? String(at)}`;
    const mended = mend(items ?? {}, item, name, problems);
    if (mended === unusable) problems.add(name, 'The host reported an invalid item. It is omitted.');
    else kept.push(mended);
  }
  return kept;
}

function mendObject(
  { properties = {}, required = [] }: Shape,
  value: unknown,
  part: string,
  problems: Problems,
): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return unusable;
  const mended: Record<string, unknown> = {};
  for (const [name, shape] of Object.entries(properties)) {
    const given: unknown = Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
    if (given === undefined && !required.includes(name)) continue;
    const field = mend(shape, given, part === '' ? name : `${part} ${name}`, problems);
    if (field === unusable) return unusable;
    mended[name] = field;
  }
  return mended;
}

function blankOf(shape: Shape, value: unknown, part: string): unknown {
  if (shape.enum !== undefined) {
    return ['Unknown', 'Other'].find((name) => shape.enum?.includes(name)) ?? unusable;
  }
  if (shape.const !== undefined || shape.pattern !== undefined) return unusable;
  if (shape.type === 'string')
    return typeof value === 'string' && !/path$/i.test(part) ? value.slice(0, shape.maxLength) : '';
  if (shape.type === 'integer' || shape.type === 'number') return shape.minimum ?? 0;
  return shape.type === 'boolean' ? false : unusable;
}

/** Returns the name or id of a list entry. */
function nameOf(item: unknown): string | undefined {
  if (typeof item !== 'object' || item === null) return undefined;
  const { id, kind, name } = item as Record<string, unknown>;
  return [id, kind, name].find((one) => typeof one === 'string')?.slice(0, 64);
}
