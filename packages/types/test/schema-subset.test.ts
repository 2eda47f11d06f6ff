import { describe, expect, test } from 'vitest';
import { contractSchemas, schemaKeywords } from '../src/index.ts';

type Schema = Readonly<Record<string, unknown>>;

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The schemas directly inside a schema. */
function inner(schema: Schema): Schema[] {
  const { properties = {}, items = [], anyOf = [], not = [] } = schema;
  return [Object.values(properties as object), items, anyOf, not].flat().filter(isSchema);
}

function everySchema(schema: Schema): Schema[] {
  return [schema, ...inner(schema).flatMap(everySchema)];
}

describe.each(Object.entries(contractSchemas()))('%s', (_name, document) => {
  const schemas = everySchema(JSON.parse(JSON.stringify(document)) as Schema);

  test('uses only supported keywords', () => {
    const used = new Set(schemas.flatMap((schema) => Object.keys(schema)));
    expect([...used].filter((keyword) => !(keyword in schemaKeywords))).toEqual([]);
  });

  test('all patterns have the same meaning in .NET', () => {
    for (const pattern of schemas.flatMap(({ pattern }) => (typeof pattern === 'string' ? [pattern] : []))) {
      expect(pattern).toMatch(/^\^.*\$$/);
      const bare = pattern
        .slice(1, -1)
        .replaceAll(/\[(?:\\.|[^\]])*\]/g, '[]')
        .replaceAll(/\\[^dDwWsSbBpPkuc]/g, '');
      expect(bare, 'anchors inside, the dot').not.toMatch(/[$^.]/);
      expect(bare, 'classes, groups and escapes with several meanings').not.toMatch(/\\[a-zA-Z]|\(\?[<i]/);
      expect(pattern, 'surrogates, classes with several meanings').not.toMatch(
        /\\u[dD][89a-fA-F]|\\[dDwWsSpP]/,
      );
      expect(bare.replaceAll(/\((?:[^()]|\([^()]*\))*\)/g, ''), 'alternatives at the top').not.toContain('|');
    }
  });

  test('uses the restricted keywords within their restrictions', () => {
    for (const schema of schemas) {
      if ('additionalProperties' in schema) expect(schema['additionalProperties']).toBe(false);
      if ('not' in schema) expect(schema['not']).toEqual({});
      if ('multipleOf' in schema) {
        expect(schema['type']).toBe('integer');
        expect(schema['multipleOf']).toSatisfy(Number.isSafeInteger);
      }
      for (const choice of (schema['enum'] ?? []) as unknown[]) expect(choice).toBeTypeOf('string');
      if ('const' in schema) expect(['string', 'number', 'boolean']).toContain(typeof schema['const']);
    }
  });
});
