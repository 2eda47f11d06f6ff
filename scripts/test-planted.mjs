// `npm run test:planted [-- WORD …]`: plants each bug of the table (or those whose suite's path contains one of the
// words), runs the sample of its suite, and expects it to fail. The file is restored after each, even if this process
// is interrupted.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runGates } from './lib/gates.mjs';
import { buildOfService, longSuites, vitestOf } from './lib/long-suites.mjs';
import { plantedBugs } from './lib/planted-bugs.mjs';
import { testSeed } from './lib/test-seed.mjs';
import { ensureInstalled, root, say } from './lib/workspace.mjs';

ensureInstalled();
let restore = () => {};
process.on('exit', () => restore());
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));

const words = process.argv.slice(2);
const wanted = plantedBugs.filter(
  ({ project, suite }) => words.length === 0 || words.some((word) => `${project}/${suite}`.includes(word)),
);
const missed = [];
for (const { bug, file, find, replace, project, suite, service = false } of wanted) {
  const path = join(root, file);
  const source = readFileSync(path, 'utf8');
  if (source.split(find).length !== 2)
    throw new Error(`${file} does not contain this text exactly once: ${find}`);
  restore = () => writeFileSync(path, source);
  writeFileSync(
    path,
    source.replace(find, () => replace),
  );
  const longSuite = longSuites.find((one) => one.project === project && one.files.includes(suite));
  const options = ['-t', '^(?!.*(recording of|recorded))', '--reporter=dot'];
  const command = vitestOf(longSuite, [suite, ...options]);
  const build = service ? [buildOfService] : [];
  const gates = await runGates([
    [...build, { name: suite, command, cwd: join(root, project), env: { AETHER_REQUIRE: 'pwsh,chromium' } }],
  ]);
  const { ok } = gates.at(-1);
  restore();
  restore = () => {};
  await runGates([build]);
  say(`${ok ? '\u2717 not found' : 'found'}: ${bug} (${suite}, seed ${testSeed()})`);
  if (ok) missed.push(bug);
}
console.log(`${wanted.length - missed.length} of ${wanted.length} planted bugs found`);
process.exit(missed.length === 0 && wanted.length > 0 ? 0 : 1);
