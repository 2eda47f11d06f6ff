import type { VmSummary } from '@aether-v/types';
import type { VmListSpec, VmSortKey } from './list-spec.ts';

/** The fields that a word with this prefix is looked for in, as in `host:hv-01`. */
const fieldsOf: Record<string, (vm: VmSummary) => readonly (string | null | undefined)[]> = {
  host: (vm) => [vm.hostName],
  cluster: (vm) => [vm.clusterName],
  state: (vm) => [vm.state],
  os: (vm) => [vm.guest?.osName],
  name: (vm) => [vm.name],
};

function allFields(vm: VmSummary): readonly (string | null | undefined)[] {
  return [vm.name, vm.hostName, vm.clusterName, vm.guest?.hostname, vm.guest?.osName, ...vm.addresses];
}

function hasWord(vm: VmSummary, word: string): boolean {
  const [, prefix = '', rest = ''] = /^(\w+):(.+)$/.exec(word) ?? [];
  const fields = fieldsOf[prefix];
  const wanted = fields ? rest : word;
  return (fields ?? allFields)(vm).some((field) => field?.toLowerCase().includes(wanted));
}

const sorted: Record<VmSortKey, (vm: VmSummary) => string | number | null> = {
  name: (vm) => vm.name,
  state: (vm) => vm.state,
  host: (vm) => vm.hostName,
  cluster: (vm) => vm.clusterName,
  processors: (vm) => vm.processors,
  // Samples are not part of a row.
  cpu: () => null,
  memory: (vm) => vm.memory.startup,
  startedAt: (vm) => vm.startedAt,
  createdAt: (vm) => vm.createdAt,
};

function compare(a: string | number, b: string | number): number {
  return typeof a === 'string' || typeof b === 'string' ? String(a).localeCompare(String(b)) : a - b;
}

/**
 * Returns the ids of the VMs that match a list's filter, in its order: a stand-in for the service while it is
 * unreachable. It knows fewer fields than the service, and rows without a value are last, as there.
 */
export function knownVms(vms: readonly VmSummary[], spec: VmListSpec): readonly string[] {
  const words = (spec.search ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  const key = sorted[spec.sort];
  const matching = vms.filter(
    (vm) =>
      (!spec.states || spec.states.length === 0 || spec.states.includes(vm.state)) &&
      (spec.hostId === undefined || vm.hostId === spec.hostId) &&
      (spec.clusterId === undefined || vm.clusterId === spec.clusterId) &&
      words.every((word) => hasWord(vm, word)),
  );
  const order = (a: VmSummary, b: VmSummary): number => {
    const [x, y] = [key(a), key(b)];
    const byName = a.name.localeCompare(b.name);
    if (x === null || y === null) return Number(x === null) - Number(y === null) || byName;
    return (spec.descending ? compare(y, x) : compare(x, y)) || byName;
  };
  return matching.sort(order).map(({ id }) => id);
}
