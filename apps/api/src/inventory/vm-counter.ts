import type { Vm } from '@aether-v/types';
import type { VmCounts } from './host-state.ts';

const none: VmCounts = { vmCount: 0, runningVmCount: 0, staleVmCount: 0 };

interface Weight {
  readonly key: string | null;
  readonly running: number;
  readonly stale: number;
}

/** Counts VMs by key (a host's or cluster's id) as rows change. */
export class VmCounter {
  readonly #counts = new Map<string, VmCounts>();
  readonly #keyOf: (vm: Vm) => string | null;

  constructor(keyOf: (vm: Vm) => string | null) {
    this.#keyOf = keyOf;
  }

  /** Returns the counts of a key. */
  of(key: string): VmCounts {
    return this.#counts.get(key) ?? none;
  }

  /** Updates the counts for one row. @returns The keys whose counts changed. */
  follow(before: Vm | undefined, after: Vm | undefined): string[] {
    const [from, to] = [this.#weigh(before), this.#weigh(after)];
    if (from.key === to.key && from.running === to.running && from.stale === to.stale) return [];
    this.#add(from, -1);
    this.#add(to, 1);
    return [from.key, to.key].filter((key) => key !== null);
  }

  /** A VM last seen running on an unreachable host does not count as running. */
  #weigh(vm: Vm | undefined): Weight {
    if (vm === undefined) return { key: null, running: 0, stale: 0 };
    const stale = vm.stale === null ? 0 : 1;
    return { key: this.#keyOf(vm), running: vm.state === 'Running' ? 1 - stale : 0, stale };
  }

  #add({ key, running, stale }: Weight, sign: 1 | -1): void {
    if (key === null) return;
    const { vmCount, runningVmCount, staleVmCount } = this.of(key);
    if (vmCount + sign === 0) this.#counts.delete(key);
    else {
      this.#counts.set(key, {
        vmCount: vmCount + sign,
        runningVmCount: runningVmCount + sign * running,
        staleVmCount: staleVmCount + sign * stale,
      });
    }
  }
}
