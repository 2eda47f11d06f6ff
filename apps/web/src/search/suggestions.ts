import { typedWord } from './terms.ts';

/** A prefix of a search. */
export interface SearchKey {
  /** As typed, without the colon. */
  readonly key: string;
  /** In a few words, for the list of suggestions. */
  readonly meaning: string;
  /** Values that are known to the fleet; the user may type others. */
  readonly values: readonly string[];
}

/** An entry in the list of suggestions: a prefix, or a value of one. */
export type Suggestion =
  | { readonly kind: 'key'; readonly key: string; readonly meaning: string }
  | { readonly kind: 'value'; readonly key: string; readonly value: string };

const most = 8;

/** Returns suggestions for a text that is being typed; for an empty one all prefixes. */
export function suggest(text: string, keys: readonly SearchKey[]): readonly Suggestion[] {
  const { key, value } = typedWord(
    text,
    keys.map((each) => each.key),
  );
  const typed = value.toLowerCase();
  if (key === null)
    return keys
      .filter((each) => each.key.startsWith(typed))
      .map((each) => ({ kind: 'key', key: each.key, meaning: each.meaning }));
  const known = keys.find((each) => each.key === key)?.values ?? [];
  const rank = (each: string): number => (each.toLowerCase().startsWith(typed) ? 0 : 1);
  return known
    .filter((each) => each.toLowerCase().includes(typed))
    .sort((a, b) => rank(a) - rank(b))
    .slice(0, most)
    .map((each) => ({ kind: 'value', key, value: each }));
}
