/** The maximum length of a return path. A longer one is replaced by the start page. */
const maxLength = 1024;

const start = '/';

/**
 * Returns the path of this service to open after sign-in. Anything else, such as an address of another site, is replaced by
 * the start page, so that a link to the sign-in cannot redirect people elsewhere (CWE-601).
 */
export function returnPath(given: unknown): string {
  if (typeof given !== 'string' || given.length > maxLength) return start;
  // Browsers treat a backslash as a slash, and remove control characters.
  if (!/^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(given)) return start;
  const url = URL.parse(given, 'http://local.invalid');
  if (url?.origin !== 'http://local.invalid') return start;
  // Dot segments can lead to a path that begins with two slashes.
  const path = `${url.pathname}${url.search}${url.hash}`;
  if (path.startsWith('//') || /^\/auth(?:\/|$)/i.test(url.pathname)) return start;
  return path;
}
