import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { contractSchemas } from '../src/json-schema.ts';

const folder = new URL('../schema/', import.meta.url);
mkdirSync(folder, { recursive: true });
for (const old of readdirSync(folder)) rmSync(new URL(old, folder));
for (const [name, schema] of Object.entries(contractSchemas())) {
  writeFileSync(new URL(`${name}.json`, folder), `${JSON.stringify(schema, null, 2)}\n`);
}
