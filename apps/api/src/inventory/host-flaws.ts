import { maxFactProblems, maxVmsPerHost, type FactProblem } from '@aether-v/types';
import type { Flaw } from '../host-adapter/agent/host-operations.ts';

/**
 * The unusable parts of a host since the start of its last full read: each part once, limited to the number a row can
 * hold.
 */
export class HostFlaws {
  readonly #messages = new Map<string, string>();
  readonly #vmIds = new Set<string>();
  #namelessVms = 0;
  #more = false;

  /** Returns the number of unusable VMs in addition to these. */
  vmsBeyond(vmIds: ReadonlySet<string>): number {
    return this.#namelessVms + [...this.#vmIds].filter((id) => !vmIds.has(id)).length;
  }

  /** The parts with reasons, as shown in a row. */
  get list(): FactProblem[] {
    const list = [...this.#messages].map(([part, message]) => ({ part, message }));
    return this.#more ? [...list, { part: '', message: 'There are more problems.' }] : list;
  }

  add({ part, message, vmId }: Flaw): void {
    if (vmId === undefined) this.#namelessVms += part === 'vm' || part.startsWith('vm ') ? 1 : 0;
    else if (this.#vmIds.size < maxVmsPerHost) this.#vmIds.add(vmId);
    if (this.#messages.has(part)) return;
    if (this.#messages.size < maxFactProblems - 1) this.#messages.set(part, message);
    else this.#more = true;
  }

  clear(): void {
    this.#messages.clear();
    this.#vmIds.clear();
    this.#namelessVms = 0;
    this.#more = false;
  }
}
