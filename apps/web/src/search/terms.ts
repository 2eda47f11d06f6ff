/** A part of a search: a word to find anywhere (`key` is null), or the value of a prefix. */
export interface Term {
  readonly key: string | null;
  readonly value: string;
}

/** An optional prefix, then a quoted value (in which `""` is a quotation mark), or a value without spaces. */
const pattern = /(?:(\p{L}+):)?(?:"((?:[^"]|"")*)(?:"|$)|(\S*))/gu;

/**
 * Parses a search such as `web host:hv01 os:"server 2025"`, with the grammar of the service's search for VMs. Prefixes
 * are case-insensitive. A word with an unknown prefix is a plain word, and a prefix without a value is ignored.
 */
export function parseTerms(text: string, keys: readonly string[]): Term[] {
  return [...text.matchAll(pattern)].flatMap(([whole, prefix, quoted, word]): Term[] => {
    const key = prefix?.toLowerCase();
    if (key !== undefined && !keys.includes(key)) return [{ key: null, value: whole }];
    const value = (quoted?.replaceAll('""', '"') ?? word ?? '').trim();
    return value === '' ? [] : [{ key: key ?? null, value }];
  });
}

/** Returns the form of a term that is the same for equal terms. */
const identity = ({ key, value }: Term): string => `${key ?? ''}:${value}`.toLowerCase();

/** Returns the search that `parseTerms` parses into these terms. */
export function formatTerms(terms: readonly Term[], keys: readonly string[]): string {
  return terms
    .map(({ key, value }) => {
      const [, prefix] = /^(\p{L}+):/u.exec(value) ?? [];
      const wouldBeKey = key === null && prefix !== undefined && keys.includes(prefix.toLowerCase());
      const isPlain = !/[\s"]/.test(value) && !wouldBeKey;
      return `${key === null ? '' : `${key}:`}${isPlain ? value : `"${value.replaceAll('"', '""')}"`}`;
    })
    .join(' ');
}

/** Adds a term to a search, unless it is there already. */
export function withTerm(terms: readonly Term[], term: Term): readonly Term[] {
  const same = identity(term);
  return terms.some((each) => identity(each) === same) ? terms : [...terms, term];
}

/** Returns whether two searches have the same terms, in any order and case. */
export function sameTerms(a: readonly Term[], b: readonly Term[]): boolean {
  const all = (terms: readonly Term[]): string => terms.map(identity).sort().join('\n');
  return all(a) === all(b);
}

/** The last word of a text that is being typed. */
export interface Typed {
  /** The text before the word. */
  readonly before: string;
  /** The known prefix of the word; null if it has none yet. */
  readonly key: string | null;
  readonly value: string;
}

/** Returns the last word of a text, which may have a prefix and an open quotation. */
export function typedWord(text: string, keys: readonly string[]): Typed {
  const [word = ''] = /(?:\p{L}+:)?(?:"[^"]*|[^\s"]*)$/u.exec(text) ?? [];
  const [, prefix, value] = /^(\p{L}+):"?(.*)$/u.exec(word) ?? [];
  const before = text.slice(0, text.length - word.length);
  const key = prefix?.toLowerCase();
  return key !== undefined && keys.includes(key)
    ? { before, key, value: value ?? '' }
    : { before, key: null, value: word };
}

/**
 * Splits a text that is being typed: terms with a prefix that are complete, because a space follows, and the rest,
 * which stays a text.
 */
export function takeComplete(
  text: string,
  keys: readonly string[],
): { readonly terms: readonly Term[]; readonly rest: string } {
  const terms: Term[] = [];
  const rest = text.replace(/(?<=^|\s)(\p{L}+):(?:"((?:[^"]|"")*)"|([^\s"]+))\s/gu, (whole: string) => {
    const [term] = parseTerms(whole.trim(), keys);
    if (!term || term.key === null) return whole;
    terms.push(term);
    return '';
  });
  return { terms, rest };
}
