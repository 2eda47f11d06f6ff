import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createClient as generate } from '@hey-api/openapi-ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clientConfig } from '../openapi-ts.config.ts';

const checkedIn = fileURLToPath(new URL('../src/generated', import.meta.url));
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'api-client-'));
});

afterAll(() => rmSync(folder, { recursive: true }));

function contents(root: string): Record<string, string> {
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files.map((file) => {
      const path = join(file.parentPath, file.name);
      return [relative(root, path), readFileSync(path, 'utf8')];
    }),
  );
}

test('the client matches what the OpenAPI document generates', async () => {
  await generate(clientConfig(folder));
  const [again, before] = [contents(folder), contents(checkedIn)];
  expect(Object.keys(again).sort()).toEqual(Object.keys(before).sort());
  for (const [path, content] of Object.entries(again)) expect(before[path], path).toBe(content);
});
