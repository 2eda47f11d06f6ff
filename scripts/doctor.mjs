// `npm run doctor -- [HOST] [--json] [--capture FILE]`: checks hosts layer by layer with the settings of the service.
// Runs the sources directly, so that nothing has to be built.
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { askToEnd } from './lib/platform.mjs';
import { ensureInstalled, environment, pinnedNode, readSettings, root } from './lib/workspace.mjs';

ensureInstalled({ quiet: true });
// npm runs scripts in the project's root, but file arguments are relative to the caller's folder.
const args = process.argv.slice(2).map((arg, at, all) => {
  if (all[at - 1] === '--capture') return resolve(process.env.INIT_CWD ?? '.', arg);
  return arg;
});
const child = spawn(
  pinnedNode,
  [
    '--conditions=@aether-v/source',
    '--disable-warning=ExperimentalWarning',
    'apps/api/src/doctor/main.ts',
    ...args,
  ],
  // FORCE_COLOR is for the project's tools; the doctor detects its terminal itself.
  { cwd: root, env: { ...environment(readSettings()), FORCE_COLOR: undefined }, stdio: 'inherit' },
);
// A terminal sends its signals to both processes; this one only waits for the other to end.
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(name, () => askToEnd(child, name, { interrupted: true }));
}
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
