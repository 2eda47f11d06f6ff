import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './workspace.mjs';

/**
 * Reads the installed packages from package-lock.json; those of this repository are left out.
 *
 * @returns {{ name: string, version: string, path: string, isDevelopment: boolean, licence: string | undefined,
 *   integrity: string | undefined, dependencies: string[] }[]} `dependencies` are paths in the lock file
 */
export function readLockPackages(text = readFileSync(join(root, 'package-lock.json'), 'utf8')) {
  const { packages } = JSON.parse(text);
  return Object.entries(packages)
    .filter(([path, entry]) => path.includes('node_modules/') && entry.link !== true)
    .map(([path, entry]) => ({
      name: entry.name ?? path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length),
      version: entry.version,
      path,
      isDevelopment: entry.dev === true || entry.devOptional === true,
      licence: licenceOf(entry.license),
      integrity: entry.integrity,
      dependencies: dependenciesOf(packages, path, entry),
    }));
}

/** Old packages state a list of licences or an object. */
function licenceOf(licence) {
  if (Array.isArray(licence)) return licence.map(licenceOf).join(' OR ');
  return typeof licence === 'object' && licence !== null ? licence.type : licence;
}

function dependenciesOf(packages, path, { dependencies = {}, optionalDependencies = {} }) {
  return Object.keys({ ...dependencies, ...optionalDependencies })
    .map((name) => resolve(packages, path, name))
    .filter((found) => found !== undefined);
}

/** Finds the installed copy as Node does: next to the package, then further up. */
function resolve(packages, from, name) {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    const path = folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    if (packages[path] !== undefined) return path;
    if (folder === '' || !folder.includes('node_modules/')) {
      return packages[`node_modules/${name}`] === undefined ? undefined : `node_modules/${name}`;
    }
  }
}
