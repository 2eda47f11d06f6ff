import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { contractSchemas } from '../src/index.ts';

const folder = new URL('../schema/', import.meta.url);

test('schema/*.json match the contract (npm run schema -w @aether-v/types writes them)', () => {
  const files = Object.fromEntries(
    readdirSync(folder).map((file) => [
      file.replace(/\.json$/, ''),
      JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as unknown,
    ]),
  );
  expect(files).toEqual(JSON.parse(JSON.stringify(contractSchemas())));
});
