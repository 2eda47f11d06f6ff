// Runs every gate of the project to its end, even after a failure. The last line counts tests; a failed gate that is
// not a test counts as one failure.
import { printTimes, runGates, staticGates } from './lib/gates.mjs';
import { readReports, removeReports } from './lib/reports.mjs';
import { say } from './lib/workspace.mjs';
import { testSeed } from './lib/test-seed.mjs';

const nx = (...args) => ['nx', ['run-many', ...args, '--outputStyle=stream']];

say(`Samples of the long suites use the seed ${testSeed()} (repeat them with AETHER_SEED=${testSeed()}).`);
removeReports();
const gates = [
  ...(await runGates(staticGates)),
  ...(await runGates([
    [
      { name: 'build', command: nx('-t', 'build', '-p', '@aether-v/api,@aether-v/web') },
      // The browser tests mostly wait and compute little, so they run in parallel with the agent's tests.
      { name: 'test', command: nx('-t', 'test', 'e2e', '--parallel=2'), tests: true },
    ],
  ])),
];

const { passed, failed, failedTitles, skippedTitles, files } = readReports();
printTimes(gates, files);
for (const title of failedTitles) console.log(`\u2717 ${title}`);
if (skippedTitles.length > 0) {
  say('Skipped:');
  for (const title of skippedTitles) console.log(`  - ${title}`);
}
const broken = gates.filter(({ ok, tests }) => !ok && (!tests || failed === 0));
for (const { name } of broken) console.log(`\u2717 gate failed: ${name}`);
const failures = failed + broken.length;
console.log(`${passed} passed, ${failures} failed, ${skippedTitles.length} skipped`);
process.exit(failures === 0 && passed > 0 ? 0 : 1);
