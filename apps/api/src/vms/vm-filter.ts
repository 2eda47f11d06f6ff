import type { Vm, VmQuery } from '@aether-v/types';
import { foldText } from '../common/text-order.ts';

const haystacks = new WeakMap<Readonly<Vm>, string>();

function haystack(vm: Readonly<Vm>): string {
  let text = haystacks.get(vm);
  if (text === undefined) {
    const addresses = vm.networkAdapters.flatMap((adapter) => adapter.addresses);
    text = foldText([vm.name, vm.guest?.hostname ?? '', ...addresses, vm.notes].join('\n'));
    haystacks.set(vm, text);
  }
  return text;
}

/** Returns whether a VM matches the query: one value of each repeated filter, and every word of the search. */
export function vmFilter(query: VmQuery): (vm: Readonly<Vm>) => boolean {
  const states = query.state && new Set(query.state);
  const hosts = query.hostId && new Set(query.hostId);
  const clusters = query.clusterId && new Set(query.clusterId);
  const words = foldText(query.search ?? '')
    .split(/\s+/)
    .filter((word) => word !== '');
  return (vm) =>
    (states?.has(vm.state) ?? true) &&
    (hosts?.has(vm.hostId) ?? true) &&
    (clusters === undefined || (vm.clusterId !== null && clusters.has(vm.clusterId))) &&
    words.every((word) => haystack(vm).includes(word));
}
