// `npm run audit:verify -- FILE… [--key PUBLIC] [--checkpoints FILE]`: verifies the chain and the checkpoints of audit
// files (docs/audit.md). Runs the sources directly, so that nothing has to be built.
import { resolve } from 'node:path';
import { ensureInstalled, pinnedNode, root } from './lib/workspace.mjs';
import { spawnSync } from 'node:child_process';

ensureInstalled({ quiet: true });
// npm runs scripts in the project's root, but file arguments are relative to the caller's folder.
const args = process.argv
  .slice(2)
  .map((arg, at, all) =>
    arg.startsWith('--') || all[at - 1] === '--key' ? arg : resolve(process.env.INIT_CWD ?? '.', arg),
  );
const { status } = spawnSync(
  pinnedNode,
  [
    '--conditions=@aether-v/source',
    '--disable-warning=ExperimentalWarning',
    'apps/api/src/audit/verify/main.ts',
    ...args,
  ],
  { cwd: root, stdio: 'inherit' },
);
process.exit(status ?? 1);
