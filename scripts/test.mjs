// `npm test`: installs what is missing, then checks format, lint and types, builds, and runs the tests; ends with the
// counts.
import { spawnSync } from 'node:child_process';
import { ensureSystemParts } from './lib/system.mjs';
import { ensureInstalled, environment, pinnedNode, root } from './lib/workspace.mjs';

ensureInstalled();
ensureSystemParts();
// The rest requires the pinned Node.
const result = spawnSync(pinnedNode, ['scripts/all-gates.mjs'], {
  cwd: root,
  env: environment(),
  stdio: ['ignore', 'inherit', 'inherit'],
});
process.exit(result.status ?? 1);
