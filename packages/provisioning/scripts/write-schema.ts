import { mkdirSync, writeFileSync } from 'node:fs';
import { ProvisioningDocument } from '../src/document.ts';
import { GuestReport } from '../src/report.ts';

const folder = new URL('../schema/', import.meta.url);
mkdirSync(folder, { recursive: true });
for (const [name, schema] of Object.entries({ document: ProvisioningDocument, report: GuestReport })) {
  writeFileSync(new URL(`${name}.json`, folder), `${JSON.stringify(schema, null, 2)}\n`);
}
