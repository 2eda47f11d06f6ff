import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

// Vite compiles the decorators of the service, which Node's own type stripping does not.
type Entry = typeof import('./parent-service.ts');
const { module } = await runnerImport<Entry>(fileURLToPath(new URL('parent-service.ts', import.meta.url)), {
  configFile: fileURLToPath(new URL('../../vite.config.ts', import.meta.url)),
  environments: { inline: { resolve: { conditions: ['@aether-v/source'] } } },
});
await module.serveWithParent();
