import { clusterTargets, hostTargets, type HostTarget } from '../config/host-target.ts';
import { loadConfig } from '../config/load-config.ts';
import type { Config } from '../config/settings.ts';

/** Which hosts to look at, with the configuration that says how; or what is wrong with either. */
export type ChosenHosts =
  | { readonly config: Config; readonly targets: readonly HostTarget[] }
  | { readonly problems: readonly string[] };

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Without a host all of HYPERV_HOSTS; with one, that entry, or a host that is not configured yet as it would be. An entry
 * is known by its text, its name or its address.
 */
export function chooseHosts(environment: Environment, host: string | null): ChosenHosts {
  const loaded = loadConfig(environment);
  if (host === null) return 'problems' in loaded ? loaded : { ...loaded, targets: targetsOf(loaded.config) };
  const configured = entries(environment).find((entry) => namesOf(environment, entry).includes(host));
  const alone = loadConfig({ ...environment, HYPERV_HOSTS: configured ?? host });
  if ('problems' in alone) return alone;
  return { config: alone.config, targets: targetsOf(alone.config) };
}

/** A cluster is looked at where its name leads: at the node that holds it now. */
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
