import type { Vm, VmSort } from '@aether-v/types';
import type { FleetStore } from './fleet-store.ts';
import type { UsageStore } from './usage-store.ts';
import { comparePlaces, parseSort, placeOf, sortsByUsage, type Place } from './vm-order.ts';

/** A VM and its place in a list. */
export interface PlacedVm {
  readonly vm: Readonly<Vm>;
  readonly place: Place;
}

/** All VMs in the orders that were requested. An order is cached until a row changes, unless it depends on samples. */
export class VmOrderCache {
  readonly #store: FleetStore;
  readonly #usage: UsageStore;
  readonly #orders = new Map<VmSort, readonly PlacedVm[]>();

  constructor(store: FleetStore, usage: UsageStore) {
    this.#store = store;
    this.#usage = usage;
    store.subscribe(({ kind }) => {
      if (kind === 'vm') this.#orders.clear();
    });
  }

  /** Returns all VMs in this order. */
  get(sort: VmSort): readonly PlacedVm[] {
    const known = this.#orders.get(sort);
    if (known !== undefined) return known;
    const order = this.#sort(sort);
    if (!sortsByUsage(sort)) this.#orders.set(sort, order);
    return order;
  }

  #sort(sort: VmSort): PlacedVm[] {
    const { field, descending } = parseSort(sort);
    const compare = comparePlaces(descending);
    const all = [...this.#store.rows('vm').values()].map((vm) => ({
      vm,
      place: placeOf(vm, this.#usage.vm(vm.id), field),
    }));
    return all.sort((a, b) => compare(a.place, b.place));
  }
}
