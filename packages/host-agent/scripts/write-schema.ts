import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { shippedFiles } from './shipped-files.ts';

const module = new URL('../module/AetherV.HostAgent/', import.meta.url);
for (const folder of ['schema/', 'tables/']) {
  rmSync(new URL(folder, module), { recursive: true, force: true });
  mkdirSync(new URL(folder, module));
}
for (const [path, text] of Object.entries(shippedFiles())) writeFileSync(new URL(path, module), text);
