// No schema here: the console imports these rules without TypeBox.

/** The memory of a VM, current or requested. */
export interface MemoryLike {
  readonly dynamic: boolean;
  readonly startup: number;
  readonly minimum?: number | null;
  readonly maximum?: number | null;
  readonly bufferPercent?: number | null;
}

/** Explains why a memory setting is invalid; null if Hyper-V accepts it. */
export function memoryProblem({ dynamic, startup, minimum, maximum }: MemoryLike): string | null {
  if (!dynamic) return null;
  if ((minimum ?? 0) > startup) return 'The minimum is greater than the startup memory.';
  return startup > (maximum ?? 0) ? 'The startup memory is greater than the maximum.' : null;
}

/** The settings that `vm.update` changes, and whether the VM must be off for each. */
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
 * Returns whether a memory change is possible while the VM runs: dynamic memory allows a lower minimum, a higher
 * maximum and another buffer; everything else requires the VM to be off.
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
