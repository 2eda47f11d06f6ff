import type { Vm, VmSort, VmSortField, VmUsage } from '@aether-v/types';
import { textOrderKey } from '../common/text-order.ts';

/** The sort value of a VM; null sorts last in either direction. */
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

// Rows are replaced, never changed, so cached keys stay valid.
const nameKeys = new WeakMap<Readonly<Vm>, string>();

function nameKey(vm: Readonly<Vm>): string {
  let key = nameKeys.get(vm);
  if (key === undefined) {
    key = textOrderKey(vm.name);
    nameKeys.set(vm, key);
  }
  return key;
}

/** Parses a `sort` into field and direction. */
export function parseSort(sort: VmSort): { readonly field: VmSortField; readonly descending: boolean } {
  const descending = sort.startsWith('-');
  return { field: (descending ? sort.slice(1) : sort) as VmSortField, descending };
}

/** Returns whether the order depends on usage samples, and thus changes with each of them. */
export function sortsByUsage(sort: VmSort): boolean {
  const { field } = parseSort(sort);
  return field === 'cpu' || field === 'memory';
}

/** Returns the place of a VM in a list sorted by this field. */
export function placeOf(vm: Readonly<Vm>, usage: VmUsage | undefined, field: VmSortField): Place {
  return { value: valueOf[field](vm, usage), name: nameKey(vm), id: vm.id };
}

/** Returns a comparison of two places. */
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
