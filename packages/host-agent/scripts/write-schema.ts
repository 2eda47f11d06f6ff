import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { listedFiles, withFileList } from './agent-files.ts';
import { shippedFiles } from './shipped-files.ts';

const module = new URL('../module/AetherV.HostAgent/', import.meta.url);
for (const folder of ['schema/', 'tables/']) {
  rmSync(new URL(folder, module), { recursive: true, force: true });
  mkdirSync(new URL(folder, module));
}
for (const [path, text] of Object.entries(shippedFiles())) writeFileSync(new URL(path, module), text);

const root = new URL('AetherV.HostAgent.psm1', module);
const paths = globSync(listedFiles, { cwd: fileURLToPath(module) }).map((path) => path.replaceAll('\\', '/'));
writeFileSync(root, withFileList(readFileSync(root, 'utf8'), paths));
