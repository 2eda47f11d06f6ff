import type { VmCommandName, VmControlAction } from '@aether-v/types';

/** The command behind an action of the VM control API. */
interface ControlledAction {
  readonly command: VmCommandName;
  /** The `output` of a completed action, worded as by the VM controller. */
  readonly done: string;
}

/**
 * The actions of the VM control API. The VM controller ran `Start-VM`, `Stop-VM -Force` and `Restart-VM -Force`; the last
 * one resets the VM without asking its guest.
 */
export const controlledActions = {
  start: { command: 'vm.start', done: 'VM started successfully' },
  shutdown: { command: 'vm.shutdown', done: 'VM stopped' },
  restart: { command: 'vm.reset', done: 'VM restarted' },
} as const satisfies Record<VmControlAction, ControlledAction>;

/** The `output` of a start if the VM is running. */
export const alreadyRunning = 'VM is already running';
