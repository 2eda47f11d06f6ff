import { createHash } from 'node:crypto';
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { root } from './workspace.mjs';
import { testSeed } from './test-seed.mjs';

const sha256 = (text) => createHash('sha256').update(text).digest('hex');

/** Returns one SHA-256 over the paths and contents of the files below src/ of projects. */
function digestOfSources(projects) {
  const files = globSync(
    projects.map((project) => `${project}/src/**/*.{ts,tsx}`),
    { cwd: root },
  ).sort();
  return sha256(files.map((file) => `${file}\0${readFileSync(join(root, file), 'utf8')}`).join('\0'));
}

/**
 * Writes `recorded/whole-run.json` of a project whose long suites have passed: the seed, the SHA-256 of the tested
 * sources (of the project, and of others that it tests) and of each test file, and per test file the number of passed
 * tests and their duration in seconds.
 */
export function recordWholeRun(project, otherSources = []) {
  const folder = join(root, project);
  const testResults = globSync('test-results/*.json', { cwd: folder }).flatMap(
    (report) => JSON.parse(readFileSync(join(folder, report), 'utf8')).testResults,
  );
  const suites = testResults.map(({ name, startTime, endTime, assertionResults }) => [
    relative(folder, name),
    {
      sha256: sha256(readFileSync(name, 'utf8')),
      passed: assertionResults.filter(({ status }) => status === 'passed').length,
      seconds: Math.round((endTime - startTime) / 1000),
    },
  ]);
  const run = {
    seed: testSeed(),
    sources: digestOfSources([project, ...otherSources]),
    suites: Object.fromEntries(suites.sort(([a], [b]) => a.localeCompare(b))),
  };
  mkdirSync(join(folder, 'recorded'), { recursive: true });
  writeFileSync(join(folder, 'recorded/whole-run.json'), `${JSON.stringify(run, null, 2)}\n`);
}
