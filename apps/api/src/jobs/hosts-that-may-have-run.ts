import { commandRow, type Host } from '@aether-v/types';
import type { FleetStore } from '../inventory/fleet-store.ts';
import type { FleetView } from '../inventory/fleet-view.ts';
import type { KeyedRequest } from './idempotency.ts';

/**
 * Returns the ids of the hosts that may have run a command: those that the request names, if it does. For a VM: its host and the nodes of its cluster, between
 * which it moves; every host if the VM is not known yet. For a host: that host. A subject that the principal does not
 * see counts as not known.
 */
export function hostsThatMayHaveRun(
  store: FleetStore,
  view: FleetView,
  { command, subjectId, hostIds }: Pick<KeyedRequest, 'command' | 'subjectId' | 'hostIds'>,
): string[] {
  if (hostIds !== undefined) return hostIds.filter((id) => view.get('host', id) !== undefined);
  if (commandRow(command).subject === 'host') {
    return view.get('host', subjectId) === undefined ? [] : [subjectId];
  }
  const hosts = [...store.rows('host').values()];
  const vm = view.get('vm', subjectId);
  if (vm === undefined) return hosts.map(({ id }) => id);
  if (vm.clusterRole === null || vm.clusterId === null) return [vm.hostId];
  const names = new Set(store.get('cluster', vm.clusterId)?.nodes.map(({ name }) => labelOf(name)));
  const isNode = (host: Readonly<Host>): boolean =>
    host.clusterId === vm.clusterId || (host.facts === null && names.has(labelOf(host.name)));
  return [vm.hostId, ...hosts.filter((host) => host.id !== vm.hostId && isNode(host)).map(({ id }) => id)];
}

/** Returns the ids of all other hosts: outside a cluster a VM can be moved to any host without a trace. */
export function otherHosts(store: FleetStore, hostIds: readonly string[]): string[] {
  return [...store.rows('host').keys()].filter((id) => !hostIds.includes(id));
}

/** Returns the first label of a host name: a node that was never read has its configured name. */
function labelOf(name: string): string {
  return name.split('.', 1)[0]?.toLowerCase() ?? '';
}
