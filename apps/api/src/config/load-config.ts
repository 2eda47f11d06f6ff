import { readFileSync } from 'node:fs';
import { contradictions } from './contradictions.ts';
import type { Setting } from './setting.ts';
import { settings, type Config } from './settings.ts';

/** A valid configuration, or all the problems that prevent one. */
export type LoadedConfig = { readonly config: Config } | { readonly problems: readonly string[] };

type Environment = Readonly<Record<string, string | undefined>>;

/** Loads the configuration. Reports all problems at once, each as a sentence that starts with its variable. */
export function loadConfig(environment: Environment): LoadedConfig {
  const problems: string[] = [];
  const entries = Object.entries<Setting<unknown>>(settings).map(([key, setting]) => {
    const given = givenText(setting, environment);
    if ('problem' in given) {
      problems.push(given.problem);
      return [key, undefined];
    }
    const text = textOf(setting, given.text);
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

/** Returns the text of a variable; for a secret also that of the file in its `_FILE` variable. */
function givenText(
  { variable, isSecret }: Setting<unknown>,
  environment: Environment,
): { readonly text: string } | { readonly problem: string } {
  const text = environment[variable] ?? '';
  const fileVariable = `${variable}_FILE`;
  const path = isSecret === true ? (environment[fileVariable]?.trim() ?? '') : '';
  if (path === '') return { text };
  if (text.trim() !== '') return { problem: `${fileVariable}: cannot be combined with ${variable}.` };
  try {
    return { text: readFileSync(path, 'utf8') };
  } catch (error) {
    const why = error instanceof Error ? error.message : 'for an unknown reason';
    return { problem: `${fileVariable}: ${path} cannot be read: ${why}.` };
  }
}

/** Returns the text of a setting without the white space that editors and mounted files add. */
function textOf({ verbatim, fallback }: Setting<unknown>, given: string): string | null {
  const text = verbatim === true ? given.replace(/\r?\n$/, '') : given.trim();
  return text === '' ? fallback : text;
}
