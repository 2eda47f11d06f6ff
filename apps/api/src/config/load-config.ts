import { isLoopback } from './loopback.ts';
import { settings, type Config, type Setting } from './settings.ts';

/** A configuration, or everything that keeps it from being one. */
export type LoadedConfig = { readonly config: Config } | { readonly problems: readonly string[] };

/** Reads the configuration; all problems are found at once, each a sentence that names its variable. */
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

/** The text of a setting, without what editors and mounted files add to it. */
function textOf({ verbatim, fallback }: Setting<unknown>, given: string): string | null {
  const text = verbatim === true ? given.replace(/\r?\n$/, '') : given.trim();
  return text === '' ? fallback : text;
}

/** What each setting allows, but not together. Settings that could not be read are undefined and not spoken of again. */
function contradictions(config: Partial<Config>): string[] {
  const { bindAddress, hosts = [], winrmUsername, winrmPassword, allowPlainHttp } = config;
  const problems: string[] = [];
  if (bindAddress !== undefined && !isLoopback(bindAddress)) {
    problems.push(
      `BIND_ADDRESS: ${bindAddress} is reachable from other machines, and the service has no login yet; use 127.0.0.1 and a proxy that asks who is there.`,
    );
  }
  if (hosts.length > 0 && winrmUsername === null) problems.push('WINRM_USERNAME: is needed to reach hosts.');
  if (hosts.length > 0 && winrmPassword === null) problems.push('WINRM_PASSWORD: is needed to reach hosts.');
  for (const url of hosts) {
    if (url.protocol === 'http:' && !isLoopback(url.hostname) && allowPlainHttp === false) {
      problems.push(
        `HYPERV_HOSTS: ${url.href} would carry the password readably; use https://, or in a laboratory WINRM_ALLOW_PLAIN_HTTP=true.`,
      );
    }
  }
  const repeated = new Set(hosts.map((url) => url.href).filter((href, at, all) => all.indexOf(href) !== at));
  for (const href of repeated) problems.push(`HYPERV_HOSTS: ${href} is listed more than once.`);
  return problems;
}
