import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './workspace.mjs';

/** The names of files with the text of a licence. */
const licenceFile = /^(?:licen[cs]e|copying|notice)(?:[.-].*)?$/i;

/**
 * Returns the packages of a production installation with the texts of their licences, each text once.
 *
 * @param packages As `readLockPackages` returns them.
 * @param stated The licences of packages that do not state them (security/licences.json).
 * @param readTexts Returns the licence texts of a package; by default those of its installed files.
 */
export function ossLicences(packages, stated, readTexts = installedTexts) {
  const texts = [];
  const numbers = new Map();
  const numberOf = (text) => {
    if (!numbers.has(text)) numbers.set(text, texts.push(text) - 1);
    return numbers.get(text);
  };
  // The same version may be installed in several folders.
  const unique = new Map();
  for (const one of packages) {
    const key = `${one.name}@${one.version}`;
    if (!one.isDevelopment && !unique.has(key)) unique.set(key, one);
  }
  return {
    packages: [...unique]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, one]) => ({
        name: one.name,
        version: one.version,
        licence: one.licence ?? stated[one.name]?.licence ?? 'unknown',
        texts: [...new Set(readTexts(one).map(numberOf))],
      })),
    texts,
  };
}

/** Packages for other platforms are not installed. */
function installedTexts({ path }) {
  const folder = join(root, path);
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && licenceFile.test(entry.name))
    .map(({ name }) => name)
    .sort()
    .map((name) => readFileSync(join(folder, name), 'utf8').replaceAll('\r\n', '\n').trim())
    .filter((text) => text !== '');
}
