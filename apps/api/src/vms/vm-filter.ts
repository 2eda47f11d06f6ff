import type { Vm, VmQuery } from '@aether-v/types';
import { vmSearch } from './vm-search.ts';

/** Returns whether a VM matches the query: at least one value of each filter, and the search. */
export function vmFilter({ state, hostId, clusterId, search }: VmQuery): (vm: Readonly<Vm>) => boolean {
  const states = state && new Set(state);
  const hosts = hostId && new Set(hostId);
  const clusters = clusterId && new Set(clusterId);
  const isFound = search === undefined || search.trim() === '' ? () => true : vmSearch(search);
  return (vm) =>
    (states?.has(vm.state) ?? true) &&
    (hosts?.has(vm.hostId) ?? true) &&
    (clusters === undefined || (vm.clusterId !== null && clusters.has(vm.clusterId))) &&
    isFound(vm);
}
