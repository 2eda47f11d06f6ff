import {
  activityBlock,
  commands,
  isCommandAllowed,
  vmActionOf,
  type Permission,
  type VmCommandName,
  type VmState,
  type VmSummary,
} from '@aether-v/types';
import { offeredVmCommands, type OfferedVmCommand } from '../fleet/offered-commands.ts';
import { isReplica } from '../components/replica.ts';
import { actionTexts } from './actions.text.ts';
import { offeredForms, type VmFormName } from './offered-forms.ts';

/** A command for one VM, as shown by buttons and menus. */
export interface VmActionState {
  readonly name: OfferedVmCommand;
  readonly label: string;
  readonly canRun: boolean;
  /** The reason why it cannot be run now; null if it can. */
  readonly reason: string | null;
}

/** Explains why the user lacks a permission; null for one that the user has. */
export type WhyNot = (permission: Permission) => string | null;

/** Returns the reason why a command cannot be sent to a VM now; null if it can. */
export function reasonAgainst(
  name: VmCommandName,
  vm: VmSummary,
  shown: VmState,
  whyNot: WhyNot,
  /** True if the command is accepted in states that its row of the table excludes. */
  inAnyState = false,
): string | null {
  const notPermitted = whyNot(commands[name].permission);
  if (notPermitted !== null) return notPermitted;
  if (vm.conflict) return actionTexts.conflict;
  if (vm.stale) return actionTexts.hostUnreachable(vm.hostName);
  if (vm.moving) return actionTexts.moving;
  const block = activityBlock(name, vm);
  if (block) return block.reason;
  if (name === 'vm.start' && isReplica(vm)) return actionTexts.replica(vm.hostName);
  if (inAnyState || isCommandAllowed(name, { state: shown, critical: vm.critical })) return null;
  return vm.critical && vmActionOf(name) !== null
    ? actionTexts.critical
    : actionTexts.wrongState(name, shown);
}

/** Returns one command for this VM; as `vmActionStates`, for rows, which show one of them. */
export function vmActionState(
  name: OfferedVmCommand,
  vm: VmSummary,
  shown: VmState,
  whyNot: WhyNot,
): VmActionState {
  const reason = reasonAgainst(name, vm, shown, whyNot);
  return { name, label: commands[name].label, canRun: reason === null, reason };
}

/**
 * Returns all commands offered for this VM; `shown` is the state on screen, including a transition that was just
 * requested.
 */
export function vmActionStates(vm: VmSummary, shown: VmState, whyNot: WhyNot): readonly VmActionState[] {
  return offeredVmCommands.map((name) => vmActionState(name, vm, shown, whyNot));
}

/** The entry of a form in the menu of a VM; `reason` is why it cannot be opened now, or null. */
export interface VmFormState {
  readonly command: VmFormName;
  readonly label: string;
  readonly reason: string | null;
}

/** Returns the forms that the menu offers for this VM. */
export function vmFormStates(vm: VmSummary, shown: VmState, whyNot: WhyNot): readonly VmFormState[] {
  return offeredForms
    .filter(({ applies }) => applies?.(vm) ?? true)
    .map(({ command, label, inAnyState, whyNot: more }) => {
      const reason = reasonAgainst(command, vm, shown, whyNot, inAnyState) ?? more?.(vm) ?? null;
      return { command, label, reason };
    });
}

const isOff: readonly VmState[] = ['Off', 'Saved', 'FastSaved', 'Hibernated'];

const firstFor: Partial<Record<VmState, OfferedVmCommand>> = {
  Off: 'vm.start',
  Saved: 'vm.start',
  FastSaved: 'vm.start',
  Hibernated: 'vm.start',
  Running: 'vm.shutdown',
  Paused: 'vm.resume',
  Starting: 'vm.start',
  Resuming: 'vm.resume',
};

/**
 * Returns the action that a row offers next to its menu: the only possible one of a critical VM, otherwise the most
 * likely one in this state. Null for a replica, which cannot be started.
 */
export function primaryAction(vm: VmSummary, shown: VmState): OfferedVmCommand | null {
  if (vm.critical && !isOff.includes(shown)) return 'vm.stop';
  const first = firstFor[shown] ?? 'vm.shutdown';
  return first === 'vm.start' && isReplica(vm) ? null : first;
}

const onPage: Partial<Record<VmState, readonly OfferedVmCommand[]>> = {
  Running: ['vm.shutdown', 'vm.restart', 'vm.stop'],
  Paused: ['vm.resume', 'vm.save', 'vm.stop'],
  Starting: ['vm.stop'],
  Stopping: ['vm.stop'],
};

/** Returns the actions that a page offers next to its menu, the most likely one first. */
export function pageActions(vm: VmSummary, shown: VmState): readonly OfferedVmCommand[] {
  const first = primaryAction(vm, shown);
  if (first === null) return [];
  return vm.critical ? [first] : (onPage[shown] ?? [first]);
}
