// An input of Nx's cache: tests that were skipped for a missing component must run once it is installed.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { systemParts } from './lib/system.mjs';
import { root } from './lib/workspace.mjs';

const recordings = existsSync(join(root, '../shared/golden/windows'));
console.log(JSON.stringify({ ...systemParts(), recordings }));
