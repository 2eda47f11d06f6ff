// `npm run test:long [-- PROJECT …]`: the long suites, each whole, on real peers; writes what they saw into recorded/ of their
// projects. Missing parts of the system are failures here: a recording of a part of a suite would be worth nothing.
import { join } from 'node:path';
import { printTimes, runGates } from './lib/gates.mjs';
import { longSuites } from './lib/long-suites.mjs';
import { recordWholeRun } from './lib/record-run.mjs';
import { readReports, removeReports } from './lib/reports.mjs';
import { ensureSystemParts } from './lib/system.mjs';
import { ensureInstalled, root, say } from './lib/workspace.mjs';
import { testSeed } from './lib/test-seed.mjs';

ensureInstalled();
ensureSystemParts();
const wanted = process.argv.slice(2);
const suites = longSuites.filter(({ project }) => wanted.length === 0 || wanted.includes(project));
if (suites.length === 0) {
  console.error(
    `\u2717 No long suites in ${wanted.join(', ')}. There are: ${longSuites.map((one) => one.project).join(', ')}`,
  );
  process.exit(1);
}
say(`Seed ${testSeed()} (AETHER_SEED=${testSeed()} repeats this run).`);
removeReports();
const gates = await runGates([
  suites.map(({ project, files }) => ({
    name: project,
    command: ['vitest', ['run', ...files]],
    env: { AETHER_LONG: '1', AETHER_REQUIRE: 'pwsh,kdc' },
    cwd: join(root, project),
    tests: true,
  })),
]);
for (const { name, ok } of gates) if (ok) recordWholeRun(name);
const { passed, failed, failedTitles, skippedTitles, files } = readReports();
printTimes(gates, files);
for (const title of failedTitles) console.log(`\u2717 ${title}`);
console.log(`${passed} passed, ${failed} failed, ${skippedTitles.length} skipped`);
process.exit(gates.every(({ ok }) => ok) ? 0 : 1);
