import { maxFactProblems, maxVmsPerHost, type FactProblem } from '@aether-v/types';
import type { Flaw } from '../host-adapter/agent/host-operations.ts';

/** What of a host could not be used since its last full read began: each part once, and no more than a row tells. */
export class HostFlaws {
  readonly #messages = new Map<string, string>();
  readonly #vmIds = new Set<string>();
  #namelessVms = 0;
  #more = false;

  /** How many VMs could not be used, apart from these. */
  vmsBeyond(vmIds: ReadonlySet<string>): number {
    return this.#namelessVms + [...this.#vmIds].filter((id) => !vmIds.has(id)).length;
  }

  /** The parts and why, as a row tells them. */
  get list(): FactProblem[] {
    const list = [...this.#messages].map(([part, message]) => ({ part, message }));
    return this.#more ? [...list, { part: '', message: 'There are more.' }] : list;
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
