import type { PipeTransform } from '@nestjs/common';
import { validateSync, type ValidationError } from 'class-validator';
import type { Static, TObject } from 'typebox';
import { queryValues } from '../../common/query-values.ts';
import { ProblemError, validationFailed, type FieldError } from '../../problems/problem-error.ts';
import { dtoClass, type DtoClass } from './dto-class.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Validates a body or a query by the class of its schema, and rejects it with every field that is invalid. */
export class ValidatedPipe<S extends TObject> implements PipeTransform<unknown, Static<S>> {
  readonly #dto: DtoClass;
  readonly #prepare: (value: Fields, errors: FieldError[]) => Fields;

  private constructor(schema: S, prepare: (value: Fields, errors: FieldError[]) => Fields) {
    this.#dto = dtoClass(schema);
    this.#prepare = prepare;
  }

  /** Validates JSON bodies; a missing body is the empty object. @throws TypeError for a schema without a class. */
  static body<S extends TObject>(schema: S): ValidatedPipe<S> {
    return new ValidatedPipe(schema, (value) => value);
  }

  /**
   * Validates queries, in which every value is text, and a list of one is its only entry. @throws TypeError as `body`.
   */
  static query<S extends TObject>(schema: S): ValidatedPipe<S> {
    return new ValidatedPipe(schema, (value, errors) =>
      queryValues(schema, withoutRepeated(schema, value, errors)),
    );
  }

  transform(value: unknown): Static<S> {
    const given = value === undefined ? {} : value;
    if (!isObject(given)) throw new ProblemError('bad-request', 'The body must be a JSON object.');
    const errors: FieldError[] = [];
    const dto = instantiate(this.#dto, this.#prepare(given, errors), '', errors);
    const found = validateSync(dto, { forbidUnknownValues: false, stopAtFirstError: true });
    errors.push(...found.flatMap((error) => fieldErrors(error, '')));
    if (errors.length > 0) throw validationFailed(errors);
    return dto as Static<S>;
  }
}

/** Reports parameters that occur several times but take one value, and reduces them to their first value. */
function withoutRepeated({ properties }: TObject, query: Fields, errors: FieldError[]): Fields {
  const entries = Object.entries(query).map(([name, value]) => {
    const { type } = (Object.hasOwn(properties, name) ? properties[name] : {}) as { type?: string };
    if (!Array.isArray(value) || !Object.hasOwn(properties, name) || type === 'array') return [name, value];
    errors.push({ field: name, message: `occurs ${value.length} times, but takes one value` });
    return [name, value[0] as unknown];
  });
  return Object.fromEntries(entries) as Fields;
}

/**
 * Creates an instance with the schema's fields, at every level. Other fields are dropped first: class-validator would
 * use an own `constructor` property as the class.
 */
function instantiate(
  { fields, nested, prototype }: DtoClass,
  value: Fields,
  path: string,
  errors: FieldError[],
): object {
  const known = Object.entries(value).flatMap(([name, content]) => {
    if (!fields.has(name)) {
      errors.push({ field: `${path}${name}`, message: 'is not a known field' });
      return [];
    }
    const dto = nested.get(name);
    const made = dto === undefined ? content : instances(dto, content, `${path}${name}.`, errors);
    return [[name, made] as const];
  });
  return Object.assign(Object.create(prototype) as object, Object.fromEntries(known));
}

function instances(dto: DtoClass, content: unknown, path: string, errors: FieldError[]): unknown {
  if (!Array.isArray(content)) return isObject(content) ? instantiate(dto, content, path, errors) : content;
  return content.map((element: unknown, index) =>
    isObject(element) ? instantiate(dto, element, `${path}${index}.`, errors) : element,
  );
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fieldErrors(error: ValidationError, prefix: string): FieldError[] {
  const field = `${prefix}${error.property}`;
  const own = Object.values(error.constraints ?? {}).map((message) => ({ field, message }));
  return [...own, ...(error.children ?? []).flatMap((child) => fieldErrors(child, `${field}.`))];
}
