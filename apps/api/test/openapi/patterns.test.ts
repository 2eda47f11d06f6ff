import { expect, test } from 'vitest';
import { patternWords } from '../../src/http/validation/pattern-words.ts';
import { offlineDocument } from '../../src/offline-document.ts';

interface Document {
  readonly paths: Record<string, Record<string, { parameters?: unknown[]; requestBody?: unknown }>>;
  readonly components: { readonly schemas: Record<string, unknown> };
}

/** Returns the patterns inside a part of the document, and inside the components to which it refers. */
function patternsOf(part: unknown, schemas: Record<string, unknown>, seen = new Set<string>()): string[] {
  if (typeof part !== 'object' || part === null) return [];
  return Object.entries(part).flatMap(([key, value]: [string, unknown]) => {
    if (key === 'pattern' && typeof value === 'string') return [value];
    if (key !== '$ref' || typeof value !== 'string') return patternsOf(value, schemas, seen);
    if (seen.has(value)) return [];
    seen.add(value);
    return patternsOf(schemas[value.replace('#/components/schemas/', '')], schemas, seen);
  });
}

test('a value that does not fit a pattern of a request is refused in words, not with the pattern', async () => {
  const { paths, components } = JSON.parse(await offlineDocument()) as Document;
  const requests = Object.values(paths).flatMap((item) =>
    Object.values(item).map(({ parameters, requestBody }) => [parameters, requestBody]),
  );
  const patterns = new Set(patternsOf(requests, components.schemas));
  expect(patterns.size).toBeGreaterThan(5);
  expect([...patterns].filter((pattern) => patternWords(pattern) === undefined)).toEqual([]);
});
