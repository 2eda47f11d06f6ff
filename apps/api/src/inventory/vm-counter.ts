import type { Vm } from '@aether-v/types';
import type { VmCounts } from './host-state.ts';

const none: VmCounts = { vmCount: 0, runningVmCount: 0 };

/** Counts VMs under keys (a host's or a cluster's id) as rows come and go. */
export class VmCounter {
  readonly #counts = new Map<string, VmCounts>();
  readonly #keyOf: (vm: Vm) => string | null;

  constructor(keyOf: (vm: Vm) => string | null) {
    this.#keyOf = keyOf;
  }

  /** How many VMs there are under a key. */
  of(key: string): VmCounts {
    return this.#counts.get(key) ?? none;
  }

  /** Follows one row. @returns The keys whose counts changed. */
  follow(before: Vm | undefined, after: Vm | undefined): string[] {
    const [from, to] = [this.#weigh(before), this.#weigh(after)];
    if (from.key === to.key && from.running === to.running) return [];
    this.#add(from.key, -1, -from.running);
    this.#add(to.key, 1, to.running);
    return [from.key, to.key].filter((key) => key !== null);
  }

  #weigh(vm: Vm | undefined): { readonly key: string | null; readonly running: number } {
    if (vm === undefined) return { key: null, running: 0 };
    return { key: this.#keyOf(vm), running: vm.state === 'Running' ? 1 : 0 };
  }

  #add(key: string | null, vms: number, running: number): void {
    if (key === null) return;
    const { vmCount, runningVmCount } = this.of(key);
    if (vmCount + vms === 0) this.#counts.delete(key);
    else this.#counts.set(key, { vmCount: vmCount + vms, runningVmCount: runningVmCount + running });
  }
}
