import { globSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { root } from './workspace.mjs';

const reportFiles = () =>
  globSync(['{apps,packages}/*/test-results/*.json', 'tools/test-results/*.json'], { cwd: root });

/** Removes the reports of an earlier run, so that only the present run is counted. */
export function removeReports() {
  for (const file of reportFiles()) rmSync(join(root, file));
}

/** Sums up the reports of all projects' test runners: counts, titles of failed and skipped tests, time per file. */
export function readReports() {
  const sum = { passed: 0, failed: 0, failedTitles: [], skippedTitles: [], files: [] };
  for (const report of reportFiles()) {
    const { numPassedTests, numFailedTests, testResults } = JSON.parse(
      readFileSync(join(root, report), 'utf8'),
    );
    sum.passed += numPassedTests;
    sum.failed += numFailedTests;
    for (const { name, status, startTime, endTime, assertionResults } of testResults) {
      // A file that could not be loaded has no tests to count.
      if (status === 'failed' && assertionResults.length === 0) sum.failed += 1;
      sum.files.push({ file: relative(root, name), ms: endTime - startTime });
      for (const { status: end, fullName } of assertionResults) {
        if (end === 'failed') sum.failedTitles.push(fullName);
        if (['pending', 'skipped', 'todo', 'disabled'].includes(end)) sum.skippedTitles.push(fullName);
      }
    }
  }
  return sum;
}
