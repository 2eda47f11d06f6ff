/** A parsed value, or the reason why the text is invalid. */
export type Parsed<T> = { readonly value: T } | { readonly problem: string };

/** Parses the text of one environment variable. */
export type Parser<T> = (text: string) => Parsed<T>;
