import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { contractSchemas } from '../src/json-schema.ts';
import { vectorsOf } from './schema-vectors.ts';

function write(folderName: string, documents: Readonly<Record<string, unknown>>): void {
  const folder = new URL(`../${folderName}/`, import.meta.url);
  mkdirSync(folder, { recursive: true });
  for (const old of readdirSync(folder)) rmSync(new URL(old, folder));
  for (const [name, document] of Object.entries(documents)) {
    writeFileSync(new URL(`${name}.json`, folder), `${JSON.stringify(document, null, 2)}\n`);
  }
}

const schemas = contractSchemas();
write('schema', schemas);
write(
  'vectors',
  Object.fromEntries(
    Object.entries(schemas).flatMap(([name, schema]) =>
      name === 'envelope' || name.endsWith('.request') ? [[name, vectorsOf(schema)]] : [],
    ),
  ),
);
