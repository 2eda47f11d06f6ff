import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

// Vite compiles the decorators, which Node's own type stripping does not.
type Entry = typeof import('../src/offline-document.ts');

const [target] = process.argv.slice(2);
if (target === undefined) throw new Error('Name the output file.');
const { module } = await runnerImport<Entry>(
  fileURLToPath(new URL('../src/offline-document.ts', import.meta.url)),
  {
    configFile: fileURLToPath(new URL('../vite.config.ts', import.meta.url)),
    // The sources of our packages: what was built last may be older.
    environments: { inline: { resolve: { conditions: ['@aether-v/source'] } } },
  },
);
writeFileSync(target, await module.offlineDocument());
