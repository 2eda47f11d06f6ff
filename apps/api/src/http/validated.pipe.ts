import type { PipeTransform } from '@nestjs/common';
import { validateSync, type ValidationError } from 'class-validator';
import type { TObject } from 'typebox';
import { ProblemError, validationFailed, type FieldError } from '../problems/problem-error.ts';

/** Makes a DTO of a body or query and refuses it with every field that is not valid. */
export class ValidatedPipe<T extends object> implements PipeTransform<unknown, T> {
  readonly #schema: TObject;
  readonly #dto: new () => T;
  readonly #prepare: (value: Record<string, unknown>) => Record<string, unknown>;

  private constructor(
    schema: TObject,
    dto: new () => T,
    prepare: (value: Record<string, unknown>) => Record<string, unknown>,
  ) {
    this.#schema = schema;
    this.#dto = dto;
    this.#prepare = prepare;
  }

  /** For JSON bodies; no body at all is the empty object. */
  static body<T extends object>(schema: TObject, dto: new () => T): ValidatedPipe<T> {
    return new ValidatedPipe(schema, dto, (value) => value);
  }

  /** For queries, where everything arrives as text and a list of one as its only entry. */
  static query<T extends object>(schema: TObject, dto: new () => T): ValidatedPipe<T> {
    return new ValidatedPipe(schema, dto, (value) => fromQuery(schema, value));
  }

  transform(value: unknown): T {
    const given = value === undefined ? {} : value;
    if (typeof given !== 'object' || given === null || Array.isArray(given)) {
      throw new ProblemError('bad-request', 'The body must be a JSON object.');
    }
    const errors: FieldError[] = [];
    const known: Record<string, unknown> = {};
    // Unknown names never reach the object: an own `constructor` would hide the DTO from its validator.
    for (const [name, content] of Object.entries(this.#prepare(given as Record<string, unknown>))) {
      if (Object.hasOwn(this.#schema.properties, name)) known[name] = content;
      else errors.push({ field: name, message: 'is not known here' });
    }
    const dto = Object.assign(new this.#dto(), known);
    errors.push(
      ...validateSync(dto, { forbidUnknownValues: false }).flatMap((error) => fieldErrors(error, '')),
    );
    if (errors.length > 0) throw validationFailed(errors);
    return dto;
  }
}

function fieldErrors(error: ValidationError, prefix: string): FieldError[] {
  const field = `${prefix}${error.property}`;
  const own = Object.values(error.constraints ?? {}).map((message) => ({ field, message }));
  return [...own, ...(error.children ?? []).flatMap((child) => fieldErrors(child, `${field}.`))];
}

/** The values that a query's texts stand for; what stands for nothing is left for validation to refuse. */
export function fromQuery(schema: TObject, query: Record<string, unknown>): Record<string, unknown> {
  const entries = Object.entries(query).map(([name, value]) => {
    const type = (schema.properties[name] as { type?: string } | undefined)?.type;
    if (type === 'array') return [name, Array.isArray(value) ? value : [value]];
    const isInteger = type === 'integer' && typeof value === 'string' && /^-?[0-9]{1,15}$/.test(value);
    return [name, isInteger ? Number(value) : value];
  });
  return Object.fromEntries(entries) as Record<string, unknown>;
}
