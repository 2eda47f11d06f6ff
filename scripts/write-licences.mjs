// `npm run licences`: writes apps/api/oss-licenses.json, which GET /api/v1/oss-licenses returns: the packages of a
// production installation with the texts of their licences.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readLockPackages } from './lib/lock-packages.mjs';
import { ossLicences } from './lib/oss-licences.mjs';
import { root } from './lib/workspace.mjs';

const { stated } = JSON.parse(readFileSync(join(root, 'security/licences.json'), 'utf8'));
const content = ossLicences(readLockPackages(), stated);
writeFileSync(join(root, 'apps/api/oss-licenses.json'), `${JSON.stringify(content, null, 1)}\n`);
console.log(
  `apps/api/oss-licenses.json lists ${content.packages.length} packages and ${content.texts.length} texts.`,
);
