// Every gate of the project, each run to its end whatever the others say; the closing line counts tests, and each
// failed gate that is no test counts as one failure.
import { globSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { attempt, root, say } from './lib/workspace.mjs';

const nx = (target) => ['nx', ['run-many', '-t', target, '--parallel=2', '--outputStyle=stream']];

const gates = [
  { name: 'format', command: ['prettier', ['--check', '--log-level', 'warn', '.']] },
  { name: 'types', command: ['tsc', ['-b']] },
  {
    name: 'lint',
    command: ['eslint', ['.', '--cache', '--cache-location', '.aether/eslint', '--max-warnings', '0']],
  },
  {
    name: 'build',
    command: ['nx', ['run-many', '-t', 'build', '-p', '@aether-v/api,@aether-v/web', '--outputStyle=stream']],
  },
  { name: 'test', command: nx('test'), tests: true },
  { name: 'e2e', command: nx('e2e'), tests: true },
];

const reports = () =>
  globSync('{apps,packages}/*/test-results/*.json', { cwd: root }).concat(
    globSync('tools/test-results/*.json', { cwd: root }),
  );
for (const old of reports()) rmSync(join(root, old));

const failedGates = [];
for (const gate of gates) {
  const began = Date.now();
  say(`${gate.name} …`);
  const ok = attempt(...gate.command) === 0;
  say(`${gate.name}: ${ok ? 'ok' : 'FAILED'} (${Math.round((Date.now() - began) / 1000)} s)`);
  if (!ok) failedGates.push(gate);
}

const counts = { passed: 0, failed: 0, skipped: 0 };
const skipped = [];
for (const file of reports()) {
  const report = JSON.parse(readFileSync(join(root, file), 'utf8'));
  counts.passed += report.numPassedTests;
  counts.failed += report.numFailedTests;
  for (const suite of report.testResults) {
    if (suite.status === 'failed' && suite.assertionResults.length === 0) counts.failed += 1;
    for (const test of suite.assertionResults) {
      if (test.status === 'failed') console.log(`\u2717 ${test.fullName}`);
      if (['pending', 'skipped', 'todo', 'disabled'].includes(test.status)) skipped.push(test.fullName);
    }
  }
}
counts.skipped = skipped.length;
if (skipped.length > 0) {
  say('Skipped:');
  for (const name of skipped) console.log(`  - ${name}`);
}
const brokenGates = failedGates.filter((gate) => !gate.tests || counts.failed === 0);
for (const gate of brokenGates) console.log(`\u2717 gate failed: ${gate.name}`);
counts.failed += brokenGates.length;

console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exit(counts.failed === 0 && counts.passed > 0 ? 0 : 1);
