import { maxFactProblems, type FactProblem, type VmFacts } from '@aether-v/types';

/**
 * How much of one VM is kept, in bytes of JSON. The largest VM that Hyper-V allows (256 SCSI disks with a parent each, 8 adapters, 50
 * checkpoints, all with paths of 150 characters) is about 150 kB; an ordinary one is 3 kB.
 */
export const maxVmBytes = 160 * 1024;

/** How much of all VMs of one host is kept: 1,024 VMs, as many as a host can run, of 32 kB each. */
export const maxHostVmBytes = 32 * 1024 * 1024;

/** What is left of a VM for which there is no room: what actions need. */
const maxSlimText = 256;

/** The lists of a VM that are given up when it is too large, the least needed first. */
const lists = [
  'checkpoints',
  'bootOrder',
  'dvdDrives',
  'networkAdapters',
  'integrationServices',
  'disks',
] as const;

/** Keeps what one host tells of its VMs within bounds. What is cut is named on the VM. */
export class VmBudget {
  readonly #sizes = new Map<string, number>();
  #total = 0;

  /** Returns the VM as far as there is room for it. */
  fit(vm: VmFacts): VmFacts {
    this.release(vm.vmId);
    let kept = vm;
    let size = sizeOf(vm);
    if (size > maxVmBytes) kept = slim(vm, `The host tells more than ${maxVmBytes} bytes of it.`);
    else if (this.#total + size > maxHostVmBytes) {
      kept = slim(vm, `The host tells more than ${maxHostVmBytes} bytes of all its VMs.`);
    }
    if (kept !== vm) size = sizeOf(kept);
    this.#sizes.set(vm.vmId, size);
    this.#total += size;
    return kept;
  }

  /** Frees the room of all VMs but these: a full read names every VM that the host has. */
  retain(vmIds: ReadonlySet<string>): void {
    for (const vmId of this.#sizes.keys()) if (!vmIds.has(vmId)) this.release(vmId);
  }

  /** A VM is gone, or replaced. */
  release(vmId: string): void {
    this.#total -= this.#sizes.get(vmId) ?? 0;
    this.#sizes.delete(vmId);
  }
}

function sizeOf(vm: VmFacts): number {
  return Buffer.byteLength(JSON.stringify(vm));
}

function slim(vm: VmFacts, why: string): VmFacts {
  const problems: FactProblem[] = lists
    .filter((list) => (vm[list]?.length ?? 0) > 0)
    .map((part) => ({ part, message: `${why} This list is left out.` }));
  if (vm.notes.length > maxSlimText) problems.push({ part: 'notes', message: `${why} They are cut.` });
  return {
    ...vm,
    name: vm.name.slice(0, maxSlimText),
    notes: vm.notes.slice(0, maxSlimText),
    guest: null,
    checkpoints: [],
    bootOrder: null,
    dvdDrives: [],
    networkAdapters: [],
    integrationServices: [],
    disks: [],
    problems: [...problems, ...vm.problems.slice(0, 4)].slice(0, maxFactProblems),
  };
}
