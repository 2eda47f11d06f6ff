import type { Permission } from './permissions.ts';
import type { VmState } from './windows/vm-states.ts';

/** What an action can cost: nothing, an interruption of service, or unsaved data in the guest. */
export type Danger = 'none' | 'interrupts' | 'loses-data';

/** One power action on a VM, as API, console and simulator share it. */
export interface VmAction {
  /** The operation of the host contract that carries it out. */
  readonly op: `vm.${VmActionName}`;
  /** The label of its button. */
  readonly label: string;
  /** The words for a job that does it, followed by the VM's name. */
  readonly title: string;
  /** States in which Hyper-V accepts it. */
  readonly allowedStates: readonly VmState[];
  /** The state that the VM shows while it runs. */
  readonly transition: VmState;
  /** The state it ends in. */
  readonly target: VmState;
  readonly permission: Permission;
  readonly danger: Danger;
}

/** Names of the power actions; each is the last segment of its route. */
export const vmActionNames = [
  'start',
  'shutdown',
  'stop',
  'restart',
  'reset',
  'save',
  'pause',
  'resume',
] as const;

/** The name of a power action. */
export type VmActionName = (typeof vmActionNames)[number];

/**
 * The table of power actions. `shutdown` and `restart` ask the guest (Msvm_ShutdownComponent), so they need it
 * running; `stop` turns off and `reset` restarts without asking. `stop` is there in every state that can hang.
 */
export const vmActions = {
  start: {
    op: 'vm.start',
    label: 'Start',
    title: 'Start',
    allowedStates: ['Off', 'Saved', 'FastSaved', 'Hibernated'],
    transition: 'Starting',
    target: 'Running',
    permission: 'vm.power',
    danger: 'none',
  },
  shutdown: {
    op: 'vm.shutdown',
    label: 'Shut down',
    title: 'Shut down',
    allowedStates: ['Running'],
    transition: 'Stopping',
    target: 'Off',
    permission: 'vm.power',
    danger: 'interrupts',
  },
  stop: {
    op: 'vm.stop',
    label: 'Turn off',
    title: 'Turn off',
    allowedStates: [
      'Running',
      'Paused',
      'Starting',
      'Stopping',
      'Saving',
      'Pausing',
      'Resuming',
      'Resetting',
      'FastSaving',
      'ForceShutdown',
      'ForceReboot',
      'Other',
    ],
    transition: 'Stopping',
    target: 'Off',
    permission: 'vm.power',
    danger: 'loses-data',
  },
  restart: {
    op: 'vm.restart',
    label: 'Restart',
    title: 'Restart',
    allowedStates: ['Running'],
    transition: 'Stopping',
    target: 'Running',
    permission: 'vm.power',
    danger: 'interrupts',
  },
  reset: {
    op: 'vm.reset',
    label: 'Reset',
    title: 'Reset',
    allowedStates: ['Running', 'Paused'],
    transition: 'Resetting',
    target: 'Running',
    permission: 'vm.power',
    danger: 'loses-data',
  },
  save: {
    op: 'vm.save',
    label: 'Save',
    title: 'Save',
    allowedStates: ['Running', 'Paused'],
    transition: 'Saving',
    target: 'Saved',
    permission: 'vm.power',
    danger: 'interrupts',
  },
  pause: {
    op: 'vm.pause',
    label: 'Pause',
    title: 'Pause',
    allowedStates: ['Running'],
    transition: 'Pausing',
    target: 'Paused',
    permission: 'vm.power',
    danger: 'interrupts',
  },
  resume: {
    op: 'vm.resume',
    label: 'Resume',
    title: 'Resume',
    allowedStates: ['Paused'],
    transition: 'Resuming',
    target: 'Running',
    permission: 'vm.power',
    danger: 'none',
  },
} as const satisfies { readonly [K in VmActionName]: VmAction & { readonly op: `vm.${K}` } };

/** Whether Hyper-V accepts the action for a VM in this state; a critical VM can only be turned off. */
export function isActionAllowed(
  action: VmActionName,
  vm: { readonly state: VmState; readonly critical: boolean },
): boolean {
  if (vm.critical) return action === 'stop' && vm.state !== 'Off';
  const allowed: readonly VmState[] = vmActions[action].allowedStates;
  return allowed.includes(vm.state);
}
