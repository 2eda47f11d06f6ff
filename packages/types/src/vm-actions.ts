// No schema here: the console imports this table without TypeBox.
import type { VmState } from './windows/vm-states.ts';

/** A power action on a VM, as performed by a host. The table of commands has its labels. */
export interface VmAction {
  /** The operation of the host contract that performs it. */
  readonly op: `vm.${VmActionName}`;
  /** States in which Hyper-V accepts it. */
  readonly allowedStates: readonly VmState[];
  /** The state that the VM shows while it runs. */
  readonly transition: VmState;
  /** The state in which it ends. */
  readonly target: VmState;
}

/** Names of the power actions. */
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
 * The power actions. `shutdown` and `restart` ask the guest (Msvm_ShutdownComponent), which must be running; `stop`
 * turns off and `reset` restarts without asking. `stop` is allowed in every state in which a VM can hang.
 */
export const vmActions = {
  start: {
    op: 'vm.start',
    allowedStates: ['Off', 'Saved', 'FastSaved', 'Hibernated'],
    transition: 'Starting',
    target: 'Running',
  },
  shutdown: {
    op: 'vm.shutdown',
    allowedStates: ['Running'],
    transition: 'Stopping',
    target: 'Off',
  },
  stop: {
    op: 'vm.stop',
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
  },
  restart: {
    op: 'vm.restart',
    allowedStates: ['Running'],
    transition: 'Stopping',
    target: 'Running',
  },
  reset: {
    op: 'vm.reset',
    allowedStates: ['Running', 'Paused'],
    transition: 'Resetting',
    target: 'Running',
  },
  save: {
    op: 'vm.save',
    allowedStates: ['Running', 'Paused'],
    transition: 'Saving',
    target: 'Saved',
  },
  pause: {
    op: 'vm.pause',
    allowedStates: ['Running'],
    transition: 'Pausing',
    target: 'Paused',
  },
  resume: {
    op: 'vm.resume',
    allowedStates: ['Paused'],
    transition: 'Resuming',
    target: 'Running',
  },
} as const satisfies { readonly [K in VmActionName]: VmAction & { readonly op: `vm.${K}` } };

/** Returns the power action with the name of an operation or command; null for others. */
export function vmActionOf(name: string): VmActionName | null {
  return vmActionNames.find((action) => vmActions[action].op === name) ?? null;
}

/** Returns whether Hyper-V accepts the action for a VM in this state; a critical VM can only be turned off. */
export function isActionAllowed(
  action: VmActionName,
  vm: { readonly state: VmState; readonly critical: boolean },
): boolean {
  if (vm.critical) return action === 'stop' && vm.state !== 'Off';
  const allowed: readonly VmState[] = vmActions[action].allowedStates;
  return allowed.includes(vm.state);
}
