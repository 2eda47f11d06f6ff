import type { Vm, VmSort, VmSortField, VmUsage } from '@aether-v/types';
import { textOrderKey } from '../common/text-order.ts';

/** What a VM is sorted by; null sorts last in either direction. */
type SortValue = string | number | null;

/** The place of a VM in a sorted list: the value of the field, then its name, then its id, so that no two are equal. */
export interface Place {
  readonly value: SortValue;
  readonly name: string;
  readonly id: string;
}

type ValueOf = (vm: Readonly<Vm>, usage: VmUsage | undefined) => SortValue;

const valueOf: { readonly [K in VmSortField]: ValueOf } = {
  name: nameKey,
  state: (vm) => vm.state,
  host: (vm) => textOrderKey(vm.hostName),
  cluster: (vm) => (vm.clusterName === null ? null : textOrderKey(vm.clusterName)),
  cpu: (_, usage) => usage?.cpuPercent ?? null,
  memory: (vm, usage) => usage?.memoryAssigned ?? vm.memory.startup,
  processors: (vm) => vm.processors,
  startedAt: (vm) => vm.startedAt,
  createdAt: (vm) => vm.createdAt,
};

// Rows are replaced, never changed, so what was derived from one stays true.
const nameKeys = new WeakMap<Readonly<Vm>, string>();

function nameKey(vm: Readonly<Vm>): string {
  let key = nameKeys.get(vm);
  if (key === undefined) {
    key = textOrderKey(vm.name);
    nameKeys.set(vm, key);
  }
  return key;
}

/** The field and direction that a `sort` names. */
export function parseSort(sort: VmSort): { readonly field: VmSortField; readonly descending: boolean } {
  const descending = sort.startsWith('-');
  return { field: (descending ? sort.slice(1) : sort) as VmSortField, descending };
}

/** Whether samples of usage decide the order, which changes with each of them. */
export function sortsByUsage(sort: VmSort): boolean {
  const { field } = parseSort(sort);
  return field === 'cpu' || field === 'memory';
}

/** The place of a VM in a list sorted so. */
export function placeOf(vm: Readonly<Vm>, usage: VmUsage | undefined, field: VmSortField): Place {
  return { value: valueOf[field](vm, usage), name: nameKey(vm), id: vm.id };
}

/** Compares two places of a list sorted so. */
export function comparePlaces(descending: boolean): (a: Place, b: Place) => number {
  return (a, b) => compareValues(a.value, b.value, descending) || order(a.name, b.name) || order(a.id, b.id);
}

function compareValues(a: SortValue, b: SortValue, descending: boolean): number {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  return descending ? order(b, a) : order(a, b);
}

function order(a: string | number, b: string | number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
