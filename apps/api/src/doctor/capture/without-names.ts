/** Placeholder of a removed word. */
const gap = '…';

/** A word of natural language with adjacent punctuation. */
const word = /^[\p{Ps}\p{Pi}"']*[\p{L}\p{M}]+(?:['’-][\p{L}\p{M}]+)*[\p{Pe}\p{Pf}"'.,:;!?。、]*$/u;

/**
 * Removes everything that could be a name from a host's text: paths, addresses, accounts, identifiers with digits, and
 * the given names. Only plain words stay.
 */
export function withoutNames(text: string, names: readonly string[]): string {
  const known = names.filter((name) => name !== '').map((name) => name.toLowerCase());
  const isKnown = (part: string): boolean => known.some((name) => part.toLowerCase().includes(name));
  return text
    .slice(0, 4000)
    .split(/\s+/)
    .filter((part) => part !== '')
    .map((part) => (word.test(part) && !isKnown(part) ? part : gap))
    .join(' ')
    .replaceAll(/…(?: …)+/g, gap);
}

/** Returns the parts of host names, accounts and principals that could occur alone in a text. */
export function namesIn(...texts: readonly (string | null | undefined)[]): readonly string[] {
  return texts
    .flatMap((text) => (text ?? '').split(/[^\p{L}\p{M}\p{N}_-]+/u))
    .filter((part) => part.length > 1);
}
