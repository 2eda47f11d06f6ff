// No schema here: the console imports these rules without TypeBox.

/** Memory as a VM has it, or as it is wanted. */
export interface MemoryLike {
  readonly dynamic: boolean;
  readonly startup: number;
  readonly minimum?: number | null;
  readonly maximum?: number | null;
  readonly bufferPercent?: number | null;
}

/** What is wrong with memory that is wanted, in words; null when Hyper-V takes it. */
export function memoryProblem({ dynamic, startup, minimum, maximum }: MemoryLike): string | null {
  if (!dynamic) return null;
  if ((minimum ?? 0) > startup) return 'The minimum is greater than the startup memory.';
  return startup > (maximum ?? 0) ? 'The startup memory is greater than the maximum.' : null;
}

/** Settings of a VM that `vm.update` changes, and whether the VM must be off for it. */
export const vmUpdateRules = {
  name: { needsOff: false },
  notes: { needsOff: false },
  checkpointType: { needsOff: false },
  automaticStartAction: { needsOff: false },
  automaticStartDelaySeconds: { needsOff: false },
  automaticStopAction: { needsOff: true },
  processors: { needsOff: true },
  memory: { needsOff: true },
  secureBoot: { needsOff: true },
  bootOrder: { needsOff: true },
} as const satisfies Readonly<Record<string, { readonly needsOff: boolean }>>;

/** The name of a setting that `vm.update` changes. */
export type VmUpdateField = keyof typeof vmUpdateRules;

/**
 * Whether this change of memory works while the VM runs: dynamic memory may get a lower minimum, a higher maximum and another
 * buffer; everything else needs it off.
 */
export function isLiveMemoryChange(before: MemoryLike, after: MemoryLike): boolean {
  return (
    before.dynamic &&
    after.dynamic &&
    before.startup === after.startup &&
    (after.minimum ?? 0) <= (before.minimum ?? 0) &&
    (after.maximum ?? 0) >= (before.maximum ?? 0)
  );
}
