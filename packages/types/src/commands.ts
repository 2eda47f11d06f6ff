// No schema here: the console imports these functions without TypeBox.
import { commands, type Command } from './command-table.ts';
import { isActionAllowed, vmActionOf } from './vm-actions.ts';
import { isTransitional, type VmState } from './windows/vm-states.ts';

/** The name of a command. */
export type CommandName = keyof typeof commands;

/** The name of a command for a VM. */
export type VmCommandName = {
  [N in CommandName]: (typeof commands)[N]['subject'] extends 'vm' ? N : never;
}[CommandName];

/** The name of a command about a host. */
export type HostCommandName = {
  [N in CommandName]: (typeof commands)[N]['subject'] extends 'host' ? N : never;
}[CommandName];

/** Returns a row of the table without its literal types. */
export function commandRow(name: CommandName): Command {
  return commands[name];
}

/** Names of all commands. */
export const commandNames = Object.keys(commands) as readonly CommandName[];

/** Returns whether a name is that of a command; journals of hosts also contain operations without one. */
export function isCommandName(name: string): name is CommandName {
  return Object.hasOwn(commands, name);
}

/** Names of the commands for VMs. */
export const vmCommandNames = commandNames.filter(
  (name): name is VmCommandName => commandRow(name).subject === 'vm',
);

/** Returns the command that an operation of a host belongs to; null for an operation without a command. */
export function commandOfOperation(operation: string): CommandName | null {
  return commandNames.find((name) => commandRow(name).plan.operation === operation) ?? null;
}

/** Returns the operation of a command. Other names, which are operations in a host's journal, are returned unchanged. */
export function operationOfCommand(name: string): string {
  return (isCommandName(name) ? commandRow(name).plan.operation : undefined) ?? name;
}

/**
 * Returns whether a command waits for other commands on its subject. A command that Hyper-V accepts in a transitional
 * state does not wait, because it ends a hang.
 */
export function takesTurns(name: CommandName): boolean {
  if (commandRow(name).parallel === true) return false;
  return !(commandRow(name).allowedStates ?? []).some(isTransitional);
}

/** The commands that change a part or the settings of a VM. */
const edits = /^(?:vm\.update$|(?:disk|dvd|adapter|checkpoint)\.)/;

/**
 * Returns whether a command is refused while a job of it is in progress on its subject. Changes of a part or of the
 * settings of a VM are not, since each is another change: they are queued and run in turn.
 */
export function refusesSecond(name: CommandName): boolean {
  return commandRow(name).parallel !== true && !edits.test(name);
}

/**
 * Returns whether a VM in this state accepts the command. Of the power actions, a critical VM only accepts being turned
 * off.
 */
export function isCommandAllowed(
  name: VmCommandName,
  vm: { readonly state: VmState; readonly critical: boolean },
): boolean {
  const action = vmActionOf(name);
  return action === null
    ? (commandRow(name).allowedStates?.includes(vm.state) ?? true)
    : isActionAllowed(action, vm);
}
