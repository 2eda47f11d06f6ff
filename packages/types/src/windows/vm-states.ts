// No schema here: the console imports these lists without TypeBox.

/** States in which a VM rests (Hyper-V's VMState without the transitional ones). */
export const steadyVmStates = ['Running', 'Off', 'Saved', 'Paused', 'FastSaved', 'Hibernated'] as const;

/** States that a VM passes through on its way to a steady one. */
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

/** Every state a VM can report; `Other` and `ComponentServicing` are Hyper-V's own names for the rest. */
export const vmStates = [...steadyVmStates, ...transitionalVmStates, 'ComponentServicing', 'Other'] as const;

/** A VM's state. The `Critical` variants of Hyper-V are the same states with `critical: true`. */
export type VmState = (typeof vmStates)[number];

/** Whether a VM in this state is on its way to another one. */
export function isTransitional(state: VmState): boolean {
  return transitionalVmStates.some((transitional) => transitional === state);
}

/** States in which a VM has no memory and no processor time; samples from before say nothing about it. */
const restingVmStates: readonly VmState[] = ['Off', 'Saved', 'FastSaved', 'Hibernated'];

/** Whether a VM in this state has memory and processors of its host. */
export function usesResources(state: VmState): boolean {
  return !restingVmStates.includes(state);
}
