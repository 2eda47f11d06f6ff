// `npm run test:long [-- PROJECT …]`: runs the long suites in full against real counterparts, and records the results
// in recorded/ of their projects. A missing system component is a failure here, because a partial recording would be
// worthless.
import { join } from 'node:path';
import { printTimes, runGates } from './lib/gates.mjs';
import { buildOfService, longSuites, vitestOf } from './lib/long-suites.mjs';
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
say(`Seed ${testSeed()} (repeat this run with AETHER_SEED=${testSeed()}).`);
removeReports();
const gates = await runGates([
  suites.flatMap((suite) => [
    ...(suite.service ? [buildOfService] : []),
    {
      name: suite.project,
      command: vitestOf(suite, suite.files),
      env: { AETHER_LONG: '1', AETHER_REQUIRE: 'pwsh,kdc,chromium' },
      cwd: join(root, suite.project),
      tests: true,
    },
  ]),
]);
for (const { name, ok, tests } of gates) {
  if (ok && tests) recordWholeRun(name, suites.find(({ project }) => project === name)?.sources);
}
const { passed, failed, failedTitles, skippedTitles, files } = readReports();
printTimes(gates, files);
for (const title of failedTitles) console.log(`\u2717 ${title}`);
console.log(`${passed} passed, ${failed} failed, ${skippedTitles.length} skipped`);
process.exit(gates.every(({ ok }) => ok) ? 0 : 1);
