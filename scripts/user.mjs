// `npm run user:add -- NAME`, `user:password`, `user:remove`, `user:list`: local accounts (docs/network.md). Runs the
// sources directly, so that nothing has to be built.
import { spawnSync } from 'node:child_process';
import { accountsFile, ensureInstalled, pinnedNode, readSettings, root } from './lib/workspace.mjs';

ensureInstalled({ quiet: true });
const { status, signal } = spawnSync(
  pinnedNode,
  [
    '--conditions=@aether-v/source',
    '--disable-warning=ExperimentalWarning',
    'apps/api/src/auth/accounts/cli/main.ts',
    accountsFile(readSettings()),
    ...process.argv.slice(2),
  ],
  { cwd: root, stdio: 'inherit' },
);
process.exit(signal === null ? (status ?? 1) : 130);
