import type { Parser } from './parser.ts';

/** A setting: its environment variable, parser, default and description. */
export interface Setting<T> {
  readonly variable: string;
  readonly parse: Parser<T>;
  /** The default as written in the environment; null if the setting is optional. */
  readonly fallback: string | null;
  /** Lines: a short summary, then details. */
  readonly description: string;
  /** True if the value is a secret: the variable with `_FILE` appended may name a file that contains it. */
  readonly isSecret?: true;
  /** Keeps blanks around the value. */
  readonly verbatim?: true;
  /** Example values, by what they configure. The first one is shown in .env.example. */
  readonly examples?: Readonly<Record<string, string>>;
}

/** Describes a setting that has a default. */
export function setting<T>(
  variable: string,
  parse: Parser<T>,
  fallback: string,
  description: string,
): Setting<T> & { readonly fallback: string } {
  return { variable, parse, fallback, description };
}

/** Describes a setting that may be left out. */
export function optional<T>(
  variable: string,
  parse: Parser<T>,
  description: string,
): Setting<T> & { readonly fallback: null } {
  return { variable, parse, fallback: null, description };
}

/** Describes an optional secret. */
export function secretSetting<T>(
  variable: string,
  parse: Parser<T>,
  description: string,
): Setting<T> & { readonly fallback: null; readonly isSecret: true } {
  return { ...optional(variable, parse, description), isSecret: true };
}
