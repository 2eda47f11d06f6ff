/** What stands for a word that is left out. */
const gap = '…';

/** A word of a language, with the punctuation that sentences have. */
const word = /^[\p{Ps}\p{Pi}"']*[\p{L}\p{M}]+(?:['’-][\p{L}\p{M}]+)*[\p{Pe}\p{Pf}"'.,:;!?。、]*$/u;

/**
 * A text of a host without what could be a name: only plain words stay. Paths, addresses, accounts, identifiers with digits
 * and everything else is left out, and so are the names that are known here.
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

/** The parts of host names, accounts and principals that could stand alone in a text. */
export function namesIn(...texts: readonly (string | null | undefined)[]): readonly string[] {
  return texts
    .flatMap((text) => (text ?? '').split(/[^\p{L}\p{M}\p{N}_-]+/u))
    .filter((part) => part.length > 1);
}
