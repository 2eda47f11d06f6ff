import type { VmCommandName, VmControlAction } from '@aether-v/types';

/** An action of the VM control API, in terms of the service. */
interface ControlledAction {
  readonly command: VmCommandName;
  /** The answer when it is done, as the VM controller gave it. */
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

/** The answer to a start of a VM that is running. */
export const alreadyRunning = 'VM is already running';
