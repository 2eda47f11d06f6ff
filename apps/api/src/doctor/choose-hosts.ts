import { clusterTargets, hostTargets, type HostTarget } from '../config/host-target.ts';
import { loadConfig } from '../config/load-config.ts';
import type { Config } from '../config/settings.ts';

/** The hosts to check with their configuration, or the problems of either. */
export type ChosenHosts =
  | { readonly config: Config; readonly targets: readonly HostTarget[] }
  | { readonly problems: readonly string[] };

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Selects all entries of HYPERV_HOSTS, or one by its text, name or address. A host that is not configured is checked as
 * if it were.
 */
export function chooseHosts(environment: Environment, host: string | null): ChosenHosts {
  const loaded = loadConfig(environment);
  if (host === null) return 'problems' in loaded ? loaded : { ...loaded, targets: targetsOf(loaded.config) };
  const configured = entries(environment).find((entry) => namesOf(environment, entry).includes(host));
  const alone = loadConfig({ ...environment, HYPERV_HOSTS: configured ?? host });
  if ('problems' in alone) return alone;
  return { config: alone.config, targets: targetsOf(alone.config) };
}

/** Returns the targets of a configuration. A cluster stands for the node that currently answers under its name. */
function targetsOf(config: Config): readonly HostTarget[] {
  return [...hostTargets(config), ...clusterTargets(config)];
}

function entries(environment: Environment): readonly string[] {
  return (environment['HYPERV_HOSTS'] ?? '')
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

function namesOf(environment: Environment, entry: string): readonly string[] {
  const alone = loadConfig({ ...environment, HYPERV_HOSTS: entry });
  if ('problems' in alone) return [entry];
  return targetsOf(alone.config).flatMap((target) => [
    entry,
    target.address,
    ...(target.kind === 'local' ? [] : [target.url.hostname]),
  ]);
}
