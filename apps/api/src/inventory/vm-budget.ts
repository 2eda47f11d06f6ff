import { maxFactProblems, type FactProblem, type VmFacts } from '@aether-v/types';

/**
 * The maximum size of one VM's data, in bytes of JSON. The largest VM that Hyper-V allows (256 SCSI disks with a parent
 * each, 8 adapters, 50 checkpoints, all with paths of 150 characters) takes about 150 kB; an ordinary one 3 kB.
 */
export const maxVmBytes = 160 * 1024;

/** The maximum size of all VMs of one host: 1,024 VMs (the most a host can run) of 32 kB each. */
export const maxHostVmBytes = 32 * 1024 * 1024;

/** The length to which texts are cut in a VM that exceeds its limit, reduced to what actions need. */
const maxSlimText = 256;

/** The lists of a VM that are dropped if it is too large, least important first. */
const lists = [
  'checkpoints',
  'bootOrder',
  'dvdDrives',
  'networkAdapters',
  'integrationServices',
  'disks',
] as const;

/** Limits the memory of one host's VMs. The VM's problems record what was dropped. */
export class VmBudget {
  readonly #sizes = new Map<string, number>();
  #total = 0;

  /** Reduces a VM to the space available. */
  fit(vm: VmFacts): VmFacts {
    this.release(vm.vmId);
    let kept = vm;
    let size = sizeOf(vm);
    if (size > maxVmBytes) kept = slim(vm, `The host’s data about this VM exceeds ${maxVmBytes} bytes.`);
    else if (this.#total + size > maxHostVmBytes) {
      kept = slim(vm, `The host’s data about all its VMs exceeds ${maxHostVmBytes} bytes.`);
    }
    if (kept !== vm) size = sizeOf(kept);
    this.#sizes.set(vm.vmId, size);
    this.#total += size;
    return kept;
  }

  /** Releases the space of all VMs but these: a full read lists every VM of the host. */
  retain(vmIds: ReadonlySet<string>): void {
    for (const vmId of this.#sizes.keys()) if (!vmIds.has(vmId)) this.release(vmId);
  }

  /** Releases the space of a VM that was deleted or replaced. */
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
    .map((part) => ({ part, message: `${why} This list is omitted.` }));
  if (vm.notes.length > maxSlimText)
    problems.push({ part: 'notes', message: `${why} The text is truncated.` });
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
