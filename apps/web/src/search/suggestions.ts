import { typedWord } from './terms.ts';

/** A prefix of a search. */
export interface SearchKey {
  /** As typed, without the colon. */
  readonly key: string;
  /** In a few words, for the list of suggestions. */
  readonly meaning: string;
  /** Values that are known to the fleet; the user may type others. */
  readonly values: readonly string[];
  /** True if a part of a value is also a complete search, which Enter must not replace by the value. */
  readonly takesPart?: boolean;
  /** Returns a value in the form in which values are compared; default: in lower case. */
  readonly fold?: (text: string) => string;
}

/** An entry in the list of suggestions: a prefix, or a value of one. */
export type Suggestion =
  | { readonly kind: 'key'; readonly key: string; readonly meaning: string }
  | { readonly kind: 'value'; readonly key: string; readonly value: string };

const most = 8;

const lower = (text: string): string => text.toLowerCase();

/** Returns suggestions for a text that is being typed; for an empty one all prefixes. */
export function suggest(text: string, keys: readonly SearchKey[]): readonly Suggestion[] {
  const { key, value } = typedWord(
    text,
    keys.map((each) => each.key),
  );
  if (key === null)
    return keys
      .filter((each) => each.key.startsWith(value.toLowerCase()))
      .map((each) => ({ kind: 'key', key: each.key, meaning: each.meaning }));
  const { values = [], takesPart = false, fold = lower } = keys.find((each) => each.key === key) ?? {};
  const typed = fold(value);
  const rank = (each: string): number => (fold(each).startsWith(typed) ? 0 : 1);
  const matching = values.filter((each) => fold(each).includes(typed)).sort((a, b) => rank(a) - rank(b));
  const isPart = takesPart && typed !== '' && !matching.some((each) => fold(each) === typed);
  return (isPart ? [value, ...matching] : matching)
    .slice(0, most)
    .map((each) => ({ kind: 'value', key, value: each }));
}
