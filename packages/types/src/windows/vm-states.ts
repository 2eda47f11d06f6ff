// No schema here: the console imports these lists without TypeBox.

/** Steady states of a VM (Hyper-V's VMState without the transitional ones). */
export const steadyVmStates = ['Running', 'Off', 'Saved', 'Paused', 'FastSaved', 'Hibernated'] as const;

/** Transitional states between steady ones. */
export const transitionalVmStates = [
  'Starting',
  'Stopping',
  'Saving',
  'Pausing',
  'Resuming',
  'Resetting',
  'FastSaving',
  'ForceShutdown',
  'ForceReboot',
] as const;

/** All states that a VM can report; `Other` and `ComponentServicing` are Hyper-V's own names for the rest. */
export const vmStates = [...steadyVmStates, ...transitionalVmStates, 'ComponentServicing', 'Other'] as const;

/** A VM's state. The `Critical` variants of Hyper-V are the same states with `critical: true`. */
export type VmState = (typeof vmStates)[number];

/** Returns whether a VM in this state is changing to another one. */
export function isTransitional(state: VmState): boolean {
  return transitionalVmStates.some((transitional) => transitional === state);
}

/** States in which a VM has no memory and no processor time; earlier samples no longer apply. */
const restingVmStates: readonly VmState[] = ['Off', 'Saved', 'FastSaved', 'Hibernated'];

/** Returns whether a VM in this state uses memory and processors of its host. */
export function usesResources(state: VmState): boolean {
  return !restingVmStates.includes(state);
}
