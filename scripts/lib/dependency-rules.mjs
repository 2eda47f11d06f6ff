import semver from 'semver';

/**
 * Compares packages with known vulnerabilities.
 *
 * @param packages As `readLockPackages` returns them.
 * @param file The content of security/advisories.json.
 * @returns {string[]} sentences about vulnerable packages, and about entries of the file that are wrong or unnecessary
 */
export function vulnerabilities(packages, { advisories, accepted }) {
  const problems = [];
  const unused = new Set(accepted);
  for (const { id, package: name, vulnerable, summary, fixed } of advisories) {
    if (semver.validRange(vulnerable) === null) {
      problems.push(`${id} has an invalid range: ${vulnerable}.`);
      continue;
    }
    for (const { version, path } of packages.filter((one) => one.name === name)) {
      if (!semver.satisfies(version, vulnerable, { includePrerelease: true })) continue;
      const acceptance = accepted.find((one) => one.id === id && one.path === path);
      unused.delete(acceptance);
      if (acceptance === undefined) {
        const remedy = fixed === null ? 'No version fixes it: replace the package' : `Update it to ${fixed}`;
        problems.push(
          `${name} ${version} (${path}): ${summary} (${id}). ${remedy}, or accept it with a reason in security/advisories.json.`,
        );
      }
    }
  }
  for (const { id, path } of unused) {
    problems.push(
      `security/advisories.json accepts ${id} in ${path}, which is no longer affected: remove the entry.`,
    );
  }
  return problems;
}

/**
 * Compares the licences of packages with those that the project may use.
 *
 * @param file The content of security/licences.json.
 * @returns {string[]} sentences about packages whose licence is unknown or not allowed
 */
export function licenceProblems(packages, { allowed, stated }) {
  return packages.flatMap(({ name, version, licence }) => {
    const known = licence ?? stated[name]?.licence;
    if (known === undefined) {
      return [
        `${name} ${version} states no licence. Read its files, and state it in security/licences.json.`,
      ];
    }
    return isAllowed(known, allowed)
      ? []
      : [`${name} ${version} has the licence ${known}, which is not allowed.`];
  });
}

/** One allowed alternative of `OR` is enough; all parts of `AND` must be allowed (SPDX 2.3, annex D). */
function isAllowed(expression, allowed) {
  return expression
    .replace(/[()]/g, '')
    .split(' OR ')
    .some((choice) => choice.split(' AND ').every((part) => allowed.includes(part.trim())));
}

/** Returns the whole days between the date of a file and now. */
export function ageInDays(date, now = Date.now()) {
  return Math.floor((now - Date.parse(date)) / 86_400_000);
}
