// `npm run bench [-- --json FILE]` and `npm run bench:web`: install and build what is missing, run the benchmarks, and
// print a table.
import { ensureInstalled, run } from './lib/workspace.mjs';

const isWeb = process.argv.includes('--web');

ensureInstalled();
run('nx', ['run-many', '-t', 'build', '-p', '@aether-v/api,@aether-v/web', '--outputStyle=stream'], {
  quiet: true,
});
run('node', [
  '--expose-gc',
  '--conditions=@aether-v/source',
  isWeb ? 'apps/web/e2e/bench-web.ts' : 'tools/bench/main.ts',
  ...process.argv.slice(2).filter((argument) => argument !== '--web'),
]);
