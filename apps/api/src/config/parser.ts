/** What a text means, or why it means nothing. */
export type Parsed<T> = { readonly value: T } | { readonly problem: string };

/** Reads the text of one environment variable. */
export type Parser<T> = (text: string) => Parsed<T>;
