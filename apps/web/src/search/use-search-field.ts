import { useEffect, useRef, useState } from 'react';
import type { SearchKey, Suggestion } from './suggestions.ts';
import { formatTerms, parseTerms, sameTerms, takeComplete, typedWord, withTerm, type Term } from './terms.ts';

/** The typing pause after which a search is reported, in milliseconds. */
const typedMs = 200;

/** A search field with chips: terms with a prefix, and the text that is being typed. */
export interface SearchField {
  readonly chips: readonly Term[];
  readonly text: string;
  readonly type: (text: string) => void;
  /** Turns what is typed into chips, and reports the search at once. */
  readonly commit: () => void;
  readonly choose: (suggestion: Suggestion) => void;
  readonly remove: (at: number) => void;
}

interface Parts {
  readonly chips: readonly Term[];
  readonly text: string;
}

/** The state of a search field whose value is a text in the address. */
export function useSearchField(
  value: string,
  onSearch: (search: string) => void,
  searchKeys: readonly SearchKey[],
): SearchField {
  const keys = searchKeys.map(({ key }) => key);
  const split = (search: string): Parts => {
    const terms = parseTerms(search, keys);
    const words = terms.filter(({ key }) => key === null);
    return { chips: terms.filter(({ key }) => key !== null), text: formatTerms(words, keys) };
  };
  const join = ({ chips, text }: Parts): string => formatTerms([...chips, ...parseTerms(text, keys)], keys);
  const [parts, setParts] = useState(() => split(value));
  // A report comes back as the value, in other words or after more was typed; only another value replaces the text.
  const [known, setKnown] = useState(value);
  const [reported, setReported] = useState(value);
  if (known !== value) {
    setKnown(value);
    if (!sameTerms(parseTerms(value, keys), parseTerms(reported, keys))) {
      setParts(split(value));
      setReported(value);
    }
  }
  const latest = useRef(onSearch);
  useEffect(() => {
    latest.current = onSearch;
  });
  const search = join(parts);
  useEffect(() => {
    if (search === reported) return;
    const timer = setTimeout(() => {
      setReported(search);
      latest.current(search);
    }, typedMs);
    return () => clearTimeout(timer);
  }, [search, reported]);

  const put = (next: Parts): void => {
    setParts(next);
    const changed = join(next);
    if (changed === reported) return;
    setReported(changed);
    onSearch(changed);
  };
  return {
    ...parts,
    type(text) {
      const { terms, rest } = takeComplete(text, keys);
      setParts({ chips: terms.reduce(withTerm, parts.chips), text: rest });
    },
    commit() {
      const { chips, text } = split(parts.text);
      put({ chips: chips.reduce(withTerm, parts.chips), text });
    },
    choose(suggestion) {
      const { before } = typedWord(parts.text, keys);
      if (suggestion.kind === 'key') setParts({ ...parts, text: `${before}${suggestion.key}:` });
      else put({ chips: withTerm(parts.chips, suggestion), text: before.trimEnd() });
    },
    remove(at) {
      put({ ...parts, chips: parts.chips.filter((_, index) => index !== at) });
    },
  };
}
