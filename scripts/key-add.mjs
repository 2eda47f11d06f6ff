// `npm run key:add -- NAME [--role ROLE] [--expires DAYS] [--signature 2|1|none] [--file FILE]`: adds an API key to the
// key file and prints it once (docs/vm-control-api.md). Runs the sources directly, so that nothing has to be built.
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { ensureInstalled, pinnedNode, readSettings, root } from './lib/workspace.mjs';

ensureInstalled({ quiet: true });
// npm runs scripts in the project's root, but file arguments are relative to the caller's folder.
const args = process.argv
  .slice(2)
  .map((arg, at, all) => (all[at - 1] === '--file' ? resolve(process.env.INIT_CWD ?? '.', arg) : arg));
const { status } = spawnSync(
  pinnedNode,
  [
    '--conditions=@aether-v/source',
    '--disable-warning=ExperimentalWarning',
    'apps/api/src/keys/main.ts',
    ...args,
  ],
  { cwd: root, env: { ...readSettings() }, stdio: 'inherit' },
);
process.exit(status ?? 1);
