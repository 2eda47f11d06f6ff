// No schema here: the console imports these lists without TypeBox.
import { namesOf } from './windows/enumeration.ts';
import { integrationServiceStatus, vmActivity, vmHealth } from './windows/virtual-machines.ts';

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

/** What can go on next to the state of a VM. */
export const vmActivities = namesOf(vmActivity);

/** What goes on next to a VM's state. */
export type VmActivityKind = (typeof vmActivities)[number];

/** How Hyper-V judges the health of a VM. */
export const vmHealths = namesOf(vmHealth);

/** The health of a VM. */
export type VmHealth = (typeof vmHealths)[number];

/** How an integration service, and the heartbeat, can stand. */
export const integrationServiceStatuses = namesOf(integrationServiceStatus);

/** How an integration service stands. */
export type IntegrationServiceStatus = (typeof integrationServiceStatuses)[number];

/** Integration services by their fixed kinds: their names are localized on hosts. */
export const integrationServices = [
  'Heartbeat',
  'Shutdown',
  'TimeSynchronization',
  'KeyValuePairExchange',
  'Vss',
  'GuestServiceInterface',
] as const;

/** The kind of an integration service. */
export type IntegrationServiceKind = (typeof integrationServices)[number];

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
