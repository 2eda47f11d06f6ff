// No schema here: the console imports this table without TypeBox.
import type { OperationName } from './operations.ts';
import type { Permission } from './roles.ts';
import { vmActions } from './vm-actions.ts';
import type { VmState } from './windows/vm-states.ts';

/** The possible cost of a command: none, an interruption of service, or data. */
export type Danger = 'none' | 'interrupts' | 'loses-data';

/** The kinds of objects that a command can have as its subject; `none` if it has none. */
export const subjectKinds = ['vm', 'host', 'cluster', 'none'] as const;

/** The kind of a command's subject. */
export type CommandSubject = (typeof subjectKinds)[number];

/** The execution of a command: one operation of a host, or a workflow of the service. */
export type CommandPlan =
  | { readonly operation: OperationName; readonly workflow?: never }
  | { readonly workflow: string; readonly operation?: never };

/** A command that users can run. */
export interface Command {
  /** The title of its job, followed by the name of the subject: `Test the connection to`. */
  readonly title: string;
  /** The label of its button. */
  readonly label: string;
  readonly permission: Permission;
  readonly danger: Danger;
  readonly subject: CommandSubject;
  /** States of a VM in which it is accepted; every state if absent. */
  readonly allowedStates?: readonly VmState[];
  /** True if several jobs of it may be in progress on one subject. */
  readonly parallel?: true;
  readonly plan: CommandPlan;
}

/** Checks at compile time that rows name a valid subject and an existing operation. */
export interface CommandTable {
  readonly [name: `host.${string}`]: Command & { readonly subject: 'host' };
  readonly [name: `cluster.${string}`]: Command & { readonly subject: 'cluster' };
  readonly [name: string]: Command;
}

/** All commands that users can run. Routes, permissions, jobs, audit and buttons are derived from it. */
export const commands = {
  'host.test': {
    title: 'Test the connection to',
    label: 'Test connection',
    permission: 'host',
    danger: 'none',
    subject: 'host',
    plan: { operation: 'host.test' },
  },
  'vm.create': {
    title: 'Create a VM on',
    label: 'New VM',
    permission: 'create',
    danger: 'none',
    subject: 'host',
    parallel: true,
    plan: { operation: 'vm.create' },
  },
  'vm.start': {
    title: 'Start',
    label: 'Start',
    permission: 'power',
    danger: 'none',
    subject: 'vm',
    allowedStates: vmActions.start.allowedStates,
    plan: { operation: 'vm.start' },
  },
  'vm.shutdown': {
    title: 'Shut down',
    label: 'Shut down',
    permission: 'power',
    danger: 'interrupts',
    subject: 'vm',
    allowedStates: vmActions.shutdown.allowedStates,
    plan: { operation: 'vm.shutdown' },
  },
  'vm.stop': {
    title: 'Turn off',
    label: 'Turn off',
    permission: 'power',
    danger: 'loses-data',
    subject: 'vm',
    allowedStates: vmActions.stop.allowedStates,
    plan: { operation: 'vm.stop' },
  },
  'vm.restart': {
    title: 'Restart',
    label: 'Restart',
    permission: 'power',
    danger: 'interrupts',
    subject: 'vm',
    allowedStates: vmActions.restart.allowedStates,
    plan: { operation: 'vm.restart' },
  },
  'vm.reset': {
    title: 'Reset',
    label: 'Reset',
    permission: 'power',
    danger: 'loses-data',
    subject: 'vm',
    allowedStates: vmActions.reset.allowedStates,
    plan: { operation: 'vm.reset' },
  },
  'vm.save': {
    title: 'Save',
    label: 'Save',
    permission: 'power',
    danger: 'interrupts',
    subject: 'vm',
    allowedStates: vmActions.save.allowedStates,
    plan: { operation: 'vm.save' },
  },
  'vm.pause': {
    title: 'Pause',
    label: 'Pause',
    permission: 'power',
    danger: 'interrupts',
    subject: 'vm',
    allowedStates: vmActions.pause.allowedStates,
    plan: { operation: 'vm.pause' },
  },
  'vm.resume': {
    title: 'Resume',
    label: 'Resume',
    permission: 'power',
    danger: 'none',
    subject: 'vm',
    allowedStates: vmActions.resume.allowedStates,
    plan: { operation: 'vm.resume' },
  },
  'vm.delete': {
    title: 'Delete',
    label: 'Delete',
    permission: 'delete',
    danger: 'loses-data',
    subject: 'vm',
    allowedStates: ['Off', 'Saved'],
    plan: { operation: 'vm.delete' },
  },
  'vm.update': {
    title: 'Change the settings of',
    label: 'Edit settings',
    permission: 'edit',
    danger: 'none',
    subject: 'vm',
    plan: { operation: 'vm.update' },
  },
  'vm.move': {
    title: 'Move',
    label: 'Move',
    permission: 'move',
    danger: 'none',
    subject: 'vm',
    allowedStates: ['Running', 'Off', 'Saved', 'Paused'],
    plan: { operation: 'cluster.moveVm' },
  },
  'vm.addClusterRole': {
    title: 'Make a clustered role of',
    label: 'Add to cluster',
    permission: 'edit',
    danger: 'none',
    subject: 'vm',
    plan: { operation: 'cluster.addVm' },
  },
  'vm.removeClusterRole': {
    title: 'Remove the clustered role of',
    label: 'Remove from cluster',
    permission: 'edit',
    danger: 'none',
    subject: 'vm',
    plan: { operation: 'cluster.removeVm' },
  },
  'disk.create': {
    title: 'Add a disk to',
    label: 'New disk',
    permission: 'edit',
    danger: 'none',
    subject: 'vm',
    plan: { operation: 'disk.create' },
  },
  'disk.attach': {
    title: 'Attach a disk to',
    label: 'Attach disk',
    permission: 'edit',
    danger: 'none',
    subject: 'vm',
    plan: { operation: 'disk.attach' },
  },
  'disk.detach': {
    title: 'Detach a disk from',
    label: 'Detach',
    permission: 'edit',
    danger: 'interrupts',
    subject: 'vm',
    plan: { operation: 'disk.detach' },
  },
  'disk.grow': {
    title: 'Grow a disk of',
    label: 'Grow',
    permission: 'edit',
    danger: 'none',
    subject: 'vm',
    plan: { operation: 'disk.grow' },
  },
  'disk.delete': {
    title: 'Delete a disk of',
    label: 'Delete disk',
    permission: 'delete',
    danger: 'loses-data',
    subject: 'vm',
    plan: { operation: 'disk.delete' },
  },
  'dvd.insert': {
    title: 'Insert a medium into',
    label: 'Insert medium',
    permission: 'edit',
    danger: 'none',
    subject: 'vm',
    plan: { operation: 'dvd.insert' },
  },
  'dvd.eject': {
    title: 'Eject a medium from',
    label: 'Eject',
    permission: 'edit',
    danger: 'none',
    subject: 'vm',
    plan: { operation: 'dvd.eject' },
  },
  'adapter.add': {
    title: 'Add a network adapter to',
    label: 'New network adapter',
    permission: 'edit',
    danger: 'none',
    subject: 'vm',
    plan: { operation: 'adapter.add' },
  },
  'adapter.remove': {
    title: 'Remove a network adapter from',
    label: 'Remove',
    permission: 'edit',
    danger: 'interrupts',
    subject: 'vm',
    plan: { operation: 'adapter.remove' },
  },
  'adapter.connect': {
    title: 'Connect a network adapter of',
    label: 'Change network',
    permission: 'edit',
    danger: 'interrupts',
    subject: 'vm',
    plan: { operation: 'adapter.connect' },
  },
  'adapter.setMac': {
    title: 'Change a MAC address of',
    label: 'Change MAC address',
    permission: 'edit',
    danger: 'interrupts',
    subject: 'vm',
    plan: { operation: 'adapter.setMac' },
  },
  'checkpoint.create': {
    title: 'Take a checkpoint of',
    label: 'Take checkpoint',
    permission: 'checkpoint',
    danger: 'none',
    subject: 'vm',
    allowedStates: ['Running', 'Off', 'Saved', 'Paused'],
    plan: { operation: 'checkpoint.create' },
  },
  'checkpoint.apply': {
    title: 'Apply a checkpoint to',
    label: 'Apply',
    permission: 'checkpoint',
    danger: 'loses-data',
    subject: 'vm',
    plan: { operation: 'checkpoint.apply' },
  },
  'checkpoint.rename': {
    title: 'Rename a checkpoint of',
    label: 'Rename',
    permission: 'checkpoint',
    danger: 'none',
    subject: 'vm',
    plan: { operation: 'checkpoint.rename' },
  },
  'checkpoint.delete': {
    title: 'Delete a checkpoint of',
    label: 'Delete checkpoint',
    permission: 'checkpoint',
    danger: 'loses-data',
    subject: 'vm',
    plan: { operation: 'checkpoint.delete' },
  },
} as const satisfies CommandTable;
