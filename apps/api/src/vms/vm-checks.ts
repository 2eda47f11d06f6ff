import { activityBlock, commandRow, isCommandAllowed, type Vm, type VmCommandName } from '@aether-v/types';
import type { FleetView } from '../inventory/fleet-view.ts';
import { ProblemError } from '../problems/problem-error.ts';

/** A command for a VM, and the part of the fleet that its caller may see. */
export interface CheckedCommand {
  readonly command: VmCommandName;
  readonly vm: Readonly<Vm>;
  readonly view: FleetView;
  /** True if states that the table excludes are accepted as well; absent if the caller has no choice. */
  readonly inAnyState: boolean | undefined;
}

/** Returns the reasons why a command cannot reach exactly this VM. */
export function reachRefusals(target: Pick<CheckedCommand, 'vm' | 'view'>): ProblemError[] {
  return [disputeRefusal, hostRefusal, moveRefusal].flatMap((check) => check(target) ?? []);
}

/** Returns all reasons why the service refuses a command; the host checks further conditions. */
export function vmRefusals(checked: CheckedCommand): ProblemError[] {
  return [
    ...reachRefusals(checked),
    ...[activityRefusal, stateRefusal].flatMap((check) => check(checked) ?? []),
  ];
}

/** Refuses commands that could reach the wrong VM: hosts contradict each other about the VM or its host. */
function disputeRefusal({ vm }: Pick<CheckedCommand, 'vm'>): ProblemError | null {
  if (vm.conflict === null) return null;
  return new ProblemError('disputed', `${vm.name} on ${vm.hostName}: ${vm.conflict.message}`);
}

function hostRefusal({ vm, view }: Pick<CheckedCommand, 'vm' | 'view'>): ProblemError | null {
  const connection = view.connectionOf(vm);
  if (connection?.state === 'connected') return null;
  const why = connection?.error?.message ?? 'It has not responded yet.';
  return new ProblemError('host-unavailable', `${vm.hostName} is unreachable. ${why}`);
}

function moveRefusal({ vm }: Pick<CheckedCommand, 'vm'>): ProblemError | null {
  if (!vm.moving) return null;
  return new ProblemError('wrong-state', `${vm.name} is moving between two hosts.`, { state: vm.state });
}

function activityRefusal({ command, vm }: CheckedCommand): ProblemError | null {
  const block = activityBlock(command, vm);
  if (block === null) return null;
  return new ProblemError(
    'wrong-state',
    `${vm.name} is ${vm.state}, ${block.words}. ${block.reason} Wait until it has ended, then try again.`,
    { state: vm.state, activity: block.kind },
  );
}

function stateRefusal({ command, vm, inAnyState }: CheckedCommand): ProblemError | null {
  if (inAnyState === true || isCommandAllowed(command, vm)) return null;
  const { label, allowedStates = [] } = commandRow(command);
  const state = vm.critical ? `${vm.state}Critical` : vm.state;
  const way = inAnyState === false ? ' (in other states with force)' : '';
  return new ProblemError(
    'wrong-state',
    `${vm.name} is ${state}. "${label}" is possible only in these states: ${allowedStates.join(', ')}${way}.`,
    { state: vm.state },
  );
}
