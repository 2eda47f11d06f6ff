import { contradictions } from './contradictions.ts';
import type { Setting } from './setting.ts';
import { settings, type Config } from './settings.ts';

/** A valid configuration, or all the problems that prevent one. */
export type LoadedConfig = { readonly config: Config } | { readonly problems: readonly string[] };

/** Loads the configuration. Reports all problems at once, each as a sentence that starts with its variable. */
export function loadConfig(environment: Readonly<Record<string, string | undefined>>): LoadedConfig {
  const problems: string[] = [];
  const entries = Object.entries<Setting<unknown>>(settings).map(([key, setting]) => {
    const text = textOf(setting, environment[setting.variable] ?? '');
    if (text === null) return [key, null];
    const parsed = setting.parse(text);
    if ('value' in parsed) return [key, parsed.value];
    problems.push(`${setting.variable}: ${parsed.problem}.`);
    return [key, undefined];
  });
  const config = Object.fromEntries(entries) as Partial<Config>;
  problems.push(...contradictions(config));
  return problems.length > 0 ? { problems } : { config: config as Config };
}

/** Returns the text of a setting without the white space that editors and mounted files add. */
function textOf({ verbatim, fallback }: Setting<unknown>, given: string): string | null {
  const text = verbatim === true ? given.replace(/\r?\n$/, '') : given.trim();
  return text === '' ? fallback : text;
}
