import { readdirSync, readFileSync } from 'node:fs';
import { Compile } from 'typebox/compile';
import { describe, expect, test } from 'vitest';
import { vectorsOf, type Vector } from '../scripts/schema-vectors.ts';
import { contractSchemas } from '../src/index.ts';

const folder = new URL('../vectors/', import.meta.url);
const schemas = contractSchemas();
const names = readdirSync(folder).map((file) => file.replace(/\.json$/, ''));

test('every request has vectors', () => {
  const wanted = Object.keys(schemas).filter((name) => name === 'envelope' || name.endsWith('.request'));
  expect(names.sort()).toEqual(wanted.sort());
});

describe.each(names)('%s', (name) => {
  const vectors = JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8')) as Vector[];
  const schema = schemas[name];
  if (!schema) throw new Error(`There is no schema ${name}.`);

  test('the schema accepts exactly the valid values', () => {
    const check = Compile(schema);
    const wrong = vectors.filter(({ valid, json }) => check.Check(JSON.parse(json)) !== valid);
    expect(wrong).toEqual([]);
    expect(vectors.some(({ valid }) => valid)).toBe(true);
    expect(vectors.some(({ valid }) => !valid)).toBe(true);
  });

  test('they match the schema (npm run schema -w @aether-v/types writes them)', () => {
    expect(vectors).toEqual(JSON.parse(JSON.stringify(vectorsOf(schema))));
  });
});
