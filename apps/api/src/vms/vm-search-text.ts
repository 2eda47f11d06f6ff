import { foldText, type Vm, type VmNetworkAdapter } from '@aether-v/types';
import { addressForms } from './address-forms.ts';

/** The folded texts of a VM that searches examine. Each value of a list is a line. */
export interface VmSearchText {
  readonly name: string;
  readonly state: string;
  readonly host: string;
  readonly cluster: string;
  readonly os: string;
  readonly ip: string;
  readonly mac: string;
  readonly vlan: string;
  readonly switch: string;
  /** Found by plain words only. */
  readonly rest: string;
}

// Rows are replaced, never changed, so cached texts stay valid.
const texts = new WeakMap<Readonly<Vm>, VmSearchText>();

/** Returns the texts of a VM. They are created by the first search. */
export function vmSearchText(vm: Readonly<Vm>): VmSearchText {
  let text = texts.get(vm);
  if (text === undefined) {
    text = create(vm);
    texts.set(vm, text);
  }
  return text;
}

function create(vm: Readonly<Vm>): VmSearchText {
  const { networkAdapters: adapters, guest } = vm;
  const state = vm.critical ? [vm.state, `${vm.state}Critical`, 'Critical'] : [vm.state];
  return {
    name: lines([vm.name]),
    state: lines(state),
    host: lines([vm.hostName, vm.hostId]),
    cluster: lines([vm.clusterName, vm.clusterId]),
    os: lines([guest?.osName, guest?.osVersion]),
    ip: lines(adapters.flatMap(({ addresses }) => addresses.flatMap(addressForms))),
    mac: lines(adapters.map(({ macAddress }) => macAddress)),
    vlan: lines(adapters.flatMap(({ vlan }) => vlanTexts(vlan))),
    switch: lines(adapters.map(({ switchName }) => switchName)),
    rest: lines([vm.id, guest?.hostname, vm.notes]),
  };
}

/** Each line begins and ends with a line feed, so that a search can require the beginning or the whole of a value. */
function lines(values: readonly (string | null | undefined)[]): string {
  const known = new Set(values.filter((value) => value !== null && value !== undefined && value !== ''));
  return known.size === 0 ? '' : foldText(`\n${[...known].join('\n')}\n`);
}

function vlanTexts({
  accessVlanId,
  nativeVlanId,
  allowedVlanIds,
}: VmNetworkAdapter['vlan']): (string | null)[] {
  const ids = [accessVlanId, nativeVlanId].filter((id) => id !== null && id > 0).map(String);
  return [...ids, ...(allowedVlanIds?.split(',').map((part) => part.trim()) ?? [])];
}
