import type { Cluster, CreateVmRequest, Host } from '@aether-v/types';
import { isSameHost } from '../common/host-name.ts';
import { byName } from '../common/text-order.ts';
import type { FleetView } from '../inventory/fleet-view.ts';
import { validationFailed, type ProblemError } from '../problems/problem-error.ts';

/** The hosts on which a request allows the VM. */
export interface RequestedHosts {
  /** By name. */
  readonly hosts: readonly Readonly<Host>[];
  /** True if the request names one host. */
  readonly isNamed: boolean;
  /** The scope in words: `CL-01` or `the fleet`. */
  readonly scope: string;
}

/** The maximum number of names in a message. */
const maxNames = 20;

/**
 * Returns the hosts of a request, which may name a host or a cluster by id or name, case-insensitively.
 *
 * @throws ProblemError `validation-failed` if the name is unknown or ambiguous, or the host is not in the cluster.
 */
export function requestedHosts(
  view: FleetView,
  { host: hostName, cluster: clusterName }: Pick<CreateVmRequest, 'host' | 'cluster'>,
): RequestedHosts {
  const cluster = clusterName === undefined ? undefined : clusterNamed(view, clusterName);
  const all = view.rows('host').sort(byName);
  const hosts = cluster === undefined ? all : all.filter(({ clusterId }) => clusterId === cluster.id);
  const scope = cluster?.name ?? 'the fleet';
  if (hostName === undefined) return { hosts, isNamed: false, scope };
  const host = hostNamed(all, hostName);
  if (cluster !== undefined && host.clusterId !== cluster.id) {
    throw invalid('host', `is not a node of ${cluster.name}. Nodes: ${namesOf(hosts)}`);
  }
  return { hosts: [host], isNamed: true, scope };
}

function hostNamed(hosts: readonly Readonly<Host>[], name: string): Readonly<Host> {
  const known = hosts.find(({ id }) => id === name.toLowerCase());
  if (known !== undefined) return known;
  const found = hosts.filter((host) =>
    [host.name, host.facts?.fqdn ?? ''].some((one) => isSameHost(one, name)),
  );
  return onlyOne('host', found, hosts);
}

function clusterNamed(view: FleetView, name: string): Readonly<Cluster> {
  const clusters = view.rows('cluster').sort(byName);
  const known = clusters.find(({ id }) => id === name.toLowerCase());
  if (known !== undefined) return known;
  const found = clusters.filter((cluster) =>
    [cluster.name, cluster.fqdn ?? ''].some((one) => isSameHost(one, name)),
  );
  return onlyOne('cluster', found, clusters);
}

function onlyOne<T extends { readonly id: string; readonly name: string }>(
  field: 'host' | 'cluster',
  found: readonly T[],
  all: readonly T[],
): T {
  const [one, ...others] = found;
  if (one === undefined) {
    throw invalid(field, `is not the id or name of a ${field}. There are: ${namesOf(all)}`);
  }
  if (others.length === 0) return one;
  const ids = found.map(({ id, name }) => ({ name: `${name} (id ${id})` }));
  throw invalid(field, `is the name of several ${field}s. Use the id of one: ${namesOf(ids)}`);
}

function namesOf(rows: readonly { readonly name: string }[]): string {
  const names = rows.slice(0, maxNames).map(({ name }) => name);
  const more = rows.length > maxNames ? ` and ${rows.length - maxNames} more` : '';
  return `${names.join(', ') || 'none'}${more}`;
}

function invalid(field: string, message: string): ProblemError {
  return validationFailed([{ field, message }]);
}
