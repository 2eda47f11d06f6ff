import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import { ageInDays, licenceProblems, vulnerabilities } from '../../scripts/lib/dependency-rules.mjs';
import { readLockPackages } from '../../scripts/lib/lock-packages.mjs';
import { ossLicences } from '../../scripts/lib/oss-licences.mjs';
import { licenceList, makeSbom } from '../../scripts/lib/sbom.mjs';

const root = join(import.meta.dirname, '../..');
const read = (file) => JSON.parse(readFileSync(join(root, file), 'utf8'));
const advisories = read('security/advisories.json');
const licences = read('security/licences.json');
const lockFile = read('package-lock.json');

/** The packages of the lock file with one more. */
function withPlanted(name, entry) {
  const packages = { ...lockFile.packages, [`node_modules/planted/node_modules/${name}`]: entry };
  return readLockPackages(JSON.stringify({ ...lockFile, packages }));
}

describe('the installed packages', () => {
  test('have no known vulnerability that is not accepted, and only allowed licences', () => {
    const packages = readLockPackages();
    expect(packages.length).toBeGreaterThan(500);
    expect(vulnerabilities(packages, advisories)).toEqual([]);
    expect(licenceProblems(packages, licences)).toEqual([]);
  });

  test('with a planted vulnerable version are reported by package, place, advisory and remedy', () => {
    const packages = withPlanted('jws', { version: '3.2.2', license: 'MIT' });
    expect(vulnerabilities(packages, advisories)).toEqual([
      expect.stringMatching(
        /^jws 3\.2\.2 \(node_modules\/planted\/.*GHSA-869p-cjfg-cm3x.*Update it to 3\.2\.3/,
      ),
    ]);
  });

  test.each([
    ['the last vulnerable version', '6.15.3', 2],
    ['the first fixed version', '6.16.0', 0],
    ['a prerelease of the fixed version', '6.16.0-rc.1', 1],
  ])('are compared by range: %s', (_, version, count) => {
    const packages = withPlanted('qs', { version, license: 'BSD-3-Clause' });
    expect(vulnerabilities(packages, advisories)).toHaveLength(count);
  });

  test('with an accepted vulnerability at another place are reported', () => {
    const packages = withPlanted('request', { version: '2.88.2', license: 'Apache-2.0' });
    expect(vulnerabilities(packages, advisories)).toHaveLength(1);
  });

  test.each([
    [
      'a copyleft licence',
      { version: '1.0.0', license: 'GPL-3.0-only' },
      /GPL-3.0-only, which is not allowed/,
    ],
    ['a forbidden part', { version: '1.0.0', license: '(MIT AND GPL-2.0)' }, /not allowed/],
    ['no licence', { version: '1.0.0' }, /states no licence/],
  ])('with a planted package of %s are reported', (_, entry, message) => {
    expect(licenceProblems(withPlanted('copied', entry), licences)).toEqual([expect.stringMatching(message)]);
  });
});

describe('the file of advisories', () => {
  test('is dated, and gives each acceptance a reason', () => {
    expect(ageInDays(advisories.date, Date.UTC(2026, 11, 1))).toBe(1);
    for (const { reason } of advisories.accepted) expect(reason.length).toBeGreaterThan(20);
  });

  test('with an invalid range is reported', () => {
    const file = { advisories: [{ id: 'GHSA-x', package: 'qs', vulnerable: 'before 2' }], accepted: [] };
    expect(vulnerabilities(readLockPackages(), file)).toEqual(['GHSA-x has an invalid range: before 2.']);
  });

  test('with an acceptance that is no longer necessary is reported', () => {
    const accepted = [...advisories.accepted, { id: 'GHSA-x', path: 'node_modules/qs', reason: 'none' }];
    expect(vulnerabilities(readLockPackages(), { ...advisories, accepted })).toEqual([
      expect.stringMatching(/GHSA-x in node_modules\/qs, which is no longer affected/),
    ]);
  });
});

describe('the bill of materials', () => {
  const options = {
    name: 'aether-v',
    version: '0.1.0',
    licence: 'Apache-2.0',
    stated: licences.stated,
    serialNumber: '3e671687-395b-41f5-a30f-a58921a69b79',
    timestamp: '2026-11-30T12:00:00.000Z',
  };
  const packages = readLockPackages();
  const sbom = makeSbom(packages, options);

  test('is valid CycloneDX 1.6', () => {
    const schemas = createRequire(import.meta.url).resolve('@cyclonedx/cyclonedx-library/package.json');
    const schema = (file) => JSON.parse(readFileSync(join(schemas, '../res/schema', file), 'utf8'));
    const ajv = new Ajv({ strict: false });
    addFormats(ajv);
    ajv.addFormat('iri-reference', true);
    ajv.addFormat('idn-email', true);
    for (const file of ['spdx.SNAPSHOT.schema.json', 'jsf-0.82.SNAPSHOT.schema.json']) {
      ajv.addSchema(schema(file), `http://cyclonedx.org/schema/${file}`);
    }
    const validate = ajv.compile(schema('bom-1.6.SNAPSHOT.schema.json'));
    expect([validate(sbom), validate.errors]).toEqual([true, null]);
    expect(validate({ ...sbom, components: [{ name: 'incomplete' }] })).toBe(false);
  });

  test('lists each production package once, and no package of development', () => {
    const references = sbom.components.map((component) => component['bom-ref']);
    expect(new Set(references).size).toBe(references.length);
    const shipped = packages.filter(({ isDevelopment }) => !isDevelopment);
    expect(references.length).toBe(new Set(shipped.map(({ name, version }) => `${name}@${version}`)).size);
    expect(references).toContain(
      'pkg:npm/%40nestjs/core@' + lockFile.packages['node_modules/@nestjs/core'].version,
    );
    expect(references.join()).not.toContain('pkg:npm/vitest@');
  });

  test('names the packages that a package uses, at their installed versions', () => {
    const of = (name) => {
      const { version } = packages.find((one) => one.path === `node_modules/${name}`);
      return sbom.dependencies.find(({ ref }) => ref === `pkg:npm/${name}@${version}`)?.dependsOn;
    };
    expect(of('jws')).toEqual([
      expect.stringMatching(/npm\/jwa@/),
      expect.stringMatching(/npm\/safe-buffer@/),
    ]);
    const known = new Set(sbom.components.map((component) => component['bom-ref']));
    expect(sbom.dependencies.flatMap(({ dependsOn }) => dependsOn).filter((ref) => !known.has(ref))).toEqual(
      [],
    );
  });

  test('comes with a list of licences without gaps', () => {
    const list = licenceList(packages, licences);
    expect(list).toContain('| passport-strategy | 1.0.0 | MIT |');
    expect(list).not.toContain('unknown');
  });
});

describe('the licences that the service returns', () => {
  test('are current (npm run licences)', () => {
    const current = ossLicences(readLockPackages(), licences.stated);
    expect(read('apps/api/oss-licenses.json')).toEqual(current);
    expect(current.packages.length).toBeGreaterThan(400);
    expect(current.packages.filter(({ licence }) => licence === 'unknown')).toEqual([]);
  });

  test('contain each text once, and each version of a package once', () => {
    const one = { version: '1.0.0', isDevelopment: false, licence: 'MIT' };
    const packages = [
      { ...one, name: 'b', path: 'node_modules/b' },
      { ...one, name: 'a', path: 'node_modules/a' },
      { ...one, name: 'a', path: 'node_modules/b/node_modules/a' },
      { ...one, name: 'dev', path: 'node_modules/dev', isDevelopment: true },
      { ...one, name: 'c', path: 'node_modules/c', licence: undefined },
    ];
    const texts = { a: ['Permission', 'Notice'], b: ['Permission', 'Permission'], c: [] };
    const stated = { c: { licence: 'ISC' } };
    expect(ossLicences(packages, stated, ({ name }) => texts[name])).toEqual({
      packages: [
        { name: 'a', version: '1.0.0', licence: 'MIT', texts: [0, 1] },
        { name: 'b', version: '1.0.0', licence: 'MIT', texts: [0] },
        { name: 'c', version: '1.0.0', licence: 'ISC', texts: [] },
      ],
      texts: ['Permission', 'Notice'],
    });
  });
});
