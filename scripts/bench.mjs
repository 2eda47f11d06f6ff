// `npm run bench [-- --json FILE]`: installs and builds what is missing, runs the benchmarks, and prints a table.
import { ensureInstalled, run } from './lib/workspace.mjs';

ensureInstalled();
run('nx', ['run-many', '-t', 'build', '-p', '@aether-v/api,@aether-v/web', '--outputStyle=stream'], {
  quiet: true,
});
run('node', [
  '--expose-gc',
  '--conditions=@aether-v/source',
  'tools/bench/main.ts',
  ...process.argv.slice(2),
]);
