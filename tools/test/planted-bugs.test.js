import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { longSuites } from '../../scripts/lib/long-suites.mjs';
import { plantedBugs } from '../../scripts/lib/planted-bugs.mjs';

const root = join(import.meta.dirname, '../..');

test.each(plantedBugs)('the place of the planted bug exists in the source: $bug', ({ file, find }) => {
  expect(readFileSync(join(root, file), 'utf8').split(find)).toHaveLength(2);
});

test('every long suite but the conformance suite has a planted bug', () => {
  const suites = longSuites.flatMap(({ project, files }) => files.map((file) => `${project}/${file}`));
  const planted = plantedBugs.map(({ project, suite }) => `${project}/${suite}`);
  expect(suites.filter((suite) => !planted.includes(suite))).toEqual([
    'packages/host-agent/test/conformance',
  ]);
});
