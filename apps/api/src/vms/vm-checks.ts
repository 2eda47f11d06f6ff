import { activityBlock, type Vm, type VmCommandName } from '@aether-v/types';
import type { FleetView } from '../inventory/fleet-view.ts';
import { ProblemError } from '../problems/problem-error.ts';

/** Refuses commands while the VM's host is unreachable. @throws ProblemError */
export function assertHostThere(view: FleetView, vm: Readonly<Vm>): void {
  const connection = view.connectionOf(vm);
  if (connection?.state === 'connected') return;
  const why = connection?.error?.message ?? 'It has not responded yet.';
  throw new ProblemError('host-unavailable', `${vm.hostName} is unreachable. ${why}`);
}

/**
 * Refuses commands that could reach the wrong VM. @throws ProblemError if hosts contradict each other about the VM or
 * its host.
 */
export function assertUndisputed(vm: Readonly<Vm>): void {
  if (vm.conflict === null) return;
  throw new ProblemError('disputed', `${vm.name} on ${vm.hostName}: ${vm.conflict.message}`);
}

/** Refuses commands while the VM is between two hosts. @throws ProblemError */
export function assertNotMoving(vm: Readonly<Vm>): void {
  if (!vm.moving) return;
  throw new ProblemError('wrong-state', `${vm.name} is moving between two hosts.`, { state: vm.state });
}

/** Refuses commands that an activity of the VM blocks. @throws ProblemError with the activity and the reason. */
export function assertNotBlocked(command: VmCommandName, vm: Readonly<Vm>): void {
  const block = activityBlock(command, vm);
  if (block === null) return;
  throw new ProblemError(
    'wrong-state',
    `${vm.name} is ${vm.state}, ${block.words}. ${block.reason} Wait until it has ended, then try again.`,
    { state: vm.state, activity: block.kind },
  );
}
