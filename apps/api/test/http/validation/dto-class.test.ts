import 'reflect-metadata';
import { AdapterId, DriveId, Guid } from '@aether-v/types';
import { Type, type TObject } from 'typebox';
import { describe, expect, test } from 'vitest';
import { dtoClass } from '../../../src/http/validation/dto-class.ts';
import { ValidatedPipe } from '../../../src/http/validation/validated.pipe.ts';
import { ProblemError } from '../../../src/problems/problem-error.ts';

const strict = { additionalProperties: false };
const inner = Type.Object({ size: Type.Integer({ minimum: 1 }) }, strict);

function errorsOf(schema: TObject, value: unknown): unknown {
  try {
    ValidatedPipe.body(schema).transform(value);
    return [];
  } catch (error) {
    if (error instanceof ProblemError) return error.extras.errors;
    throw error;
  }
}

describe('a class cannot be derived from', () => {
  test.each<[string, TObject]>([
    ['an unmapped keyword', Type.Object({ a: Type.String({ format: 'email' }) }, strict)],
    [
      'an unmapped keyword of list elements',
      Type.Object({ a: Type.Array(Type.String({ format: 'email' })) }, strict),
    ],
    [
      'an unmapped keyword of a list',
      Type.Object({ a: Type.Array(Type.String(), { uniqueItems: true }) }, strict),
    ],
    ['an unmapped type', Type.Object({ a: Type.Null() }, strict)],
    ['an object that accepts unknown fields', Type.Object({})],
    ['a nested object that accepts unknown fields', Type.Object({ a: Type.Object({}) }, strict)],
    ['a copy of such an object', Type.Object({ a: { ...Type.Object({}) } }, strict)],
  ])('%s', (_, schema) => {
    expect(() => dtoClass(schema)).toThrow(TypeError);
  });
});

describe('an invalid value is reported with the path of its field', () => {
  const schema = Type.Object(
    {
      one: Type.Optional(inner),
      many: Type.Optional(Type.Array(inner)),
      kind: Type.Optional(
        Type.Union([
          Type.Object({ image: Type.String() }, strict),
          Type.Object({ blank: Type.Object({ size: Type.Integer() }, strict) }, strict),
        ]),
      ),
      drives: Type.Optional(Type.Array(Type.Union([DriveId, AdapterId]))),
      image: Type.Optional(Type.Union([Type.Object({ id: Guid }, strict), Type.Boolean()])),
      note: Type.Optional(Type.Union([Type.String({ maxLength: 2 }), Type.Null()])),
      named: Type.Optional(Type.String()),
    },
    strict,
  );
  test.each<[string, unknown, { field: string; message: string }[]]>([
    ['in an object', { one: { size: 0 } }, [{ field: 'one.size', message: 'size must not be less than 1' }]],
    [
      'in an alternative with a pattern, in words',
      { image: { id: 'x' } },
      [
        {
          field: 'image',
          message:
            'image does not match any of its alternatives: id must be a GUID in lower case, such as 0a1b2c3d-0000-4000-8000-00000000000f',
        },
      ],
    ],
    [
      'as one of several patterns',
      { drives: ['x'] },
      [{ field: 'drives', message: 'drives does not match any of its alternatives' }],
    ],
    ['missing in an object', { one: {} }, [{ field: 'one.size', message: 'size is required' }]],
    [
      'unknown in an object',
      { one: { size: 1, x: 1 } },
      [{ field: 'one.x', message: 'is not a known field' }],
    ],
    [
      'in a list',
      { many: [{ size: 1 }, { size: 0.5 }] },
      [{ field: 'many.1.size', message: 'size must be an integer number' }],
    ],
    [
      'unknown in a list',
      { many: [{ size: 1, constructor: 1 }] },
      [{ field: 'many.0.constructor', message: 'is not a known field' }],
    ],
    [
      'an object instead of a list',
      { many: { size: 1 } },
      [{ field: 'many', message: 'many must be an array' }],
    ],
    [
      'a list instead of an object',
      { one: [{ size: 1 }] },
      [{ field: 'one', message: 'one must be an object' }],
    ],
    [
      'in a union',
      { kind: { blank: { size: 'x' } } },
      [{ field: 'kind', message: 'kind does not match any of its alternatives: blank.size must be integer' }],
    ],
    [
      'too long, not null',
      { note: 'abc' },
      [{ field: 'note', message: 'note must have at most 2 characters' }],
    ],
    [
      'null where null is not allowed',
      { named: null },
      [{ field: 'named', message: 'named must be a string' }],
    ],
  ])('%s', (_, value, errors) => {
    expect(errorsOf(schema, value)).toEqual(errors);
  });

  test('null where allowed and characters outside the Basic Multilingual Plane are accepted', () => {
    expect(errorsOf(schema, { note: null })).toEqual([]);
    expect(errorsOf(schema, { note: '\u{1F5A5}\uFE0F' })).toEqual([]);
  });
});
