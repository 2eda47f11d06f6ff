import { isActionAllowed, type VmFacts } from '@aether-v/types';
import type { Saga } from './saga.ts';

/** Refuses the operation while Hyper-V works on the VM. */
export function requireIdle(saga: Saga, { name, activity }: VmFacts): void {
  if (activity) {
    saga.refuse(
      'wrong-state',
      `"${name}" is busy (${activity.kind}).`,
      'Wait until this has ended, then retry.',
    );
  }
}

/**
 * Refuses the operation if the state of the VM does not allow it to change devices. A VM of generation 1 can change only
 * its SCSI disks while it runs.
 */
export function requireChangeable(saga: Saga, vm: VmFacts, what: string, hot = vm.generation !== 1): void {
  requireIdle(saga, vm);
  if (vm.state === 'Off' || (hot && vm.state === 'Running')) return;
  saga.refuse(
    'wrong-state',
    `"${vm.name}" is ${vm.state}: ${what} requires the VM to be off${hot ? ' or running' : ''}.`,
    'Shut the VM down first.',
  );
}

/** Returns true if the VM is off or saved. Otherwise refuses the operation unless it may turn the VM off. */
export function requireRest(saga: Saga, vm: VmFacts, force: boolean, purpose: string): boolean {
  const { name, state, critical } = vm;
  if (state === 'Off' || state === 'Saved') return true;
  if (!force) {
    saga.refuse(
      'wrong-state',
      `"${name}" is ${state}: it must be off or saved to ${purpose}.`,
      'Shut the VM down first, or force the operation.',
    );
  } else if (!isActionAllowed('stop', { state, critical })) {
    saga.refuse('wrong-state', `"${name}" is ${state}: it cannot be turned off.`);
  }
  return false;
}
