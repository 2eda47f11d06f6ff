// `npm run dependencies:check`: compares package-lock.json with security/advisories.json and security/licences.json. Works
// without a network.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ageInDays, licenceProblems, vulnerabilities } from './lib/dependency-rules.mjs';
import { readLockPackages } from './lib/lock-packages.mjs';
import { root } from './lib/workspace.mjs';

const read = (file) => JSON.parse(readFileSync(join(root, 'security', file), 'utf8'));
const packages = readLockPackages();
const advisories = read('advisories.json');
const problems = [
  ...vulnerabilities(packages, advisories),
  ...licenceProblems(packages, read('licences.json')),
];
for (const problem of problems) console.error(`✗ ${problem}`);
const age = ageInDays(advisories.date);
console.log(
  `${packages.length} packages compared with ${advisories.advisories.length} advisories of ${advisories.date} (${age} days old).`,
);
if (age > 90)
  console.log(
    'The list of advisories is old. Run `npm audit` where the registry can be reached, and update the list.',
  );
process.exit(problems.length === 0 ? 0 : 1);
