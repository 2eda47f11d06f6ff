import { Buffer } from 'node:buffer';

/**
 * Returns a bill of materials as CycloneDX 1.6 (ECMA-424): the packages that a production installation contains.
 *
 * @param packages As `readLockPackages` returns them.
 * @param product Name, version and licence of what they are part of, and the stated licences.
 */
export function makeSbom(packages, { name, version, licence, stated = {}, serialNumber, timestamp }) {
  const shipped = packages.filter(({ isDevelopment }) => !isDevelopment);
  const references = new Map(shipped.map((one) => [one.path, referenceOf(one)]));
  // The same version may be installed in several folders.
  const unique = [...new Map(shipped.map((one) => [referenceOf(one), one])).values()];
  const dependsOn = new Map();
  for (const one of shipped) {
    const targets = dependsOn.get(referenceOf(one)) ?? new Set();
    for (const path of one.dependencies) if (references.has(path)) targets.add(references.get(path));
    dependsOn.set(referenceOf(one), targets);
  }
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${serialNumber}`,
    version: 1,
    metadata: {
      timestamp,
      component: {
        type: 'application',
        'bom-ref': `${name}@${version}`,
        name,
        version,
        licenses: [{ license: { id: licence } }],
      },
    },
    components: unique
      .map((one) => component(one, stated))
      .sort((a, b) => (a['bom-ref'] < b['bom-ref'] ? -1 : 1)),
    dependencies: [...dependsOn].map(([ref, targets]) => ({ ref, dependsOn: [...targets].sort() })),
  };
}

/** The package URL, which also identifies the component in the document. */
function referenceOf({ name, version }) {
  return `pkg:npm/${name.replace('@', '%40')}@${version}`;
}

function component(one, stated) {
  const { name, version, integrity } = one;
  const licence = one.licence ?? stated[name]?.licence;
  const [, group, shortName] = /^(@[^/]+)\/(.+)$/.exec(name) ?? [undefined, undefined, name];
  return {
    type: 'library',
    'bom-ref': referenceOf(one),
    ...(group === undefined ? {} : { group }),
    name: shortName,
    version,
    ...(licence === undefined ? {} : { licenses: [licenceEntry(licence)] }),
    ...(integrity?.startsWith('sha512-') === true
      ? { hashes: [{ alg: 'SHA-512', content: Buffer.from(integrity.slice(7), 'base64').toString('hex') }] }
      : {}),
    purl: referenceOf(one),
  };
}

/** A single id, an expression, or the name of a licence that SPDX does not list. */
function licenceEntry(licence) {
  if (licence === 'BSD') return { license: { name: licence } };
  return /[ ()]/.test(licence) ? { expression: licence } : { license: { id: licence } };
}

/** Returns the licence list of the same packages as a Markdown table. */
export function licenceList(packages, { stated = {} }) {
  const rows = packages
    .filter(({ isDevelopment }) => !isDevelopment)
    .map(
      ({ name, version, licence }) =>
        `| ${name} | ${version} | ${licence ?? stated[name]?.licence ?? 'unknown'} |`,
    );
  return (
    ['| Package | Version | Licence |', '| --- | --- | --- |', ...new Set(rows.sort())].join('\n') + '\n'
  );
}
