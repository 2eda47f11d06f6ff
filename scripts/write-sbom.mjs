// `npm run sbom`: writes dist/sbom.cdx.json (CycloneDX 1.6) and dist/licences.md for the packages of a production
// installation, from package-lock.json alone.
import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readLockPackages } from './lib/lock-packages.mjs';
import { licenceList, makeSbom } from './lib/sbom.mjs';
import { root } from './lib/workspace.mjs';

const read = (file) => JSON.parse(readFileSync(join(root, file), 'utf8'));
const { name, version, license: licence } = read('package.json');
const { stated } = read('security/licences.json');
const packages = readLockPackages();
const sbom = makeSbom(packages, {
  name,
  version,
  licence,
  stated,
  serialNumber: randomUUID(),
  timestamp: new Date().toISOString(),
});
mkdirSync(join(root, 'dist'), { recursive: true });
writeFileSync(join(root, 'dist/sbom.cdx.json'), `${JSON.stringify(sbom, null, 2)}\n`);
writeFileSync(join(root, 'dist/licences.md'), licenceList(packages, { stated }));
console.log(`dist/sbom.cdx.json and dist/licences.md list ${sbom.components.length} packages.`);
