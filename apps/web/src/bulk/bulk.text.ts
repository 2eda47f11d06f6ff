import { commands, type JobChildren } from '@aether-v/types';
import { formatCount } from '../components/format.ts';
import type { OfferedVmCommand } from '../fleet/offered-commands.ts';
import type { OfferedBulkCommand } from './offered-bulk-commands.ts';

const list = new Intl.ListFormat('en-GB', { type: 'unit', style: 'short' });

/** A command as a title of its results: `Take checkpoints: 2 of 3 virtual machines succeeded`. */
const label = (command: OfferedBulkCommand): string =>
  command === 'checkpoint.create' ? 'Take checkpoints' : commands[command].label;

/** A command before the VMs: `Take checkpoints of 3 virtual machines`. */
const verb = (command: OfferedBulkCommand): string =>
  command === 'checkpoint.create' ? 'Take checkpoints of' : commands[command].label;

const machines = (count: number): string =>
  count === 1 ? '1 virtual machine' : `${formatCount(count)} virtual machines`;

/** The effect of each command on the services of guests, for the confirmation of several. */
const effects: Partial<Record<OfferedVmCommand, string>> = {
  'vm.shutdown': 'The guests are asked to shut down. Their services stop.',
  'vm.restart': 'The guests are asked to restart. Their services are interrupted until they are back.',
  'vm.save':
    'The guests stop, and their memory is written to disk. Their services stop until the virtual machines are started again.',
  'vm.pause':
    'The guests stop at once and keep their memory. Their services do not respond until the virtual machines are resumed.',
  'vm.stop': 'The guests are not notified: the virtual machines lose power at once. Unsaved data is lost.',
  'vm.reset': 'The guests are not notified: the virtual machines restart at once. Unsaved data is lost.',
};

export const bulkTexts = {
  bar: 'Actions for the selection',
  selected: (count: number) => `${formatCount(count)} selected`,
  clear: 'Clear selection',
  more: 'More',
  moreActions: 'More actions for the selection',
  button: (command: OfferedVmCommand, can: number, all: number) =>
    can === all ? commands[command].label : `${commands[command].label} ${formatCount(can)}`,
  /** `Start 3 of 5: 2 already running`. */
  summary: (command: OfferedBulkCommand, can: number, all: number, reasons: readonly string[]) =>
    `${verb(command)} ${can === all ? machines(all) : `${formatCount(can)} of ${formatCount(all)}`}${
      reasons.length > 0 ? `: ${list.format(reasons)}` : ''
    }`,
  reasons: {
    already: (count: number, state: string) => `${formatCount(count)} already ${state}`,
    state: (count: number, state: string) => `${formatCount(count)} ${state}`,
    unreachable: (count: number) => `${formatCount(count)} on an unreachable host`,
    conflict: (count: number) => `${formatCount(count)} in conflict`,
    busy: (count: number) => `${formatCount(count)} busy`,
    notClustered: (count: number) => `${formatCount(count)} not managed by a cluster`,
    critical: (count: number) => `${formatCount(count)} critical`,
    replica: (count: number) => `${formatCount(count)} ${count === 1 ? 'replica' : 'replicas'}`,
  },
  /** An entry that opens a dialog. */
  opens: (summary: string) => `${summary}…`,
  tooMany: (most: number) => `At most ${formatCount(most)} virtual machines at once. Select fewer.`,
  confirmTitle: (command: OfferedVmCommand, count: number) =>
    `${commands[command].label} ${machines(count)}?`,
  confirm: (command: OfferedVmCommand, count: number) =>
    `${commands[command].label} ${count === 1 ? '1 VM' : `${formatCount(count)} VMs`}`,
  effect: (command: OfferedVmCommand) => effects[command] ?? '',
  affected: 'Affected virtual machines',
  onHost: (host: string) => `on ${host}`,
  leftOut: (reasons: readonly string[]) => `Left out: ${list.format(reasons)}.`,
  started: (command: OfferedBulkCommand, count: number) => `${label(command)}: ${machines(count)}`,
  refused: (command: OfferedBulkCommand) => `${label(command)}: not possible`,
  unanswered: (command: OfferedBulkCommand) => `${label(command)}: no response`,
  forgotten: (command: OfferedBulkCommand) => `${label(command)}: result unknown`,
  ended: (command: OfferedBulkCommand, { total, succeeded, failed, cancelled }: JobChildren) =>
    [
      `${label(command)}: ${formatCount(succeeded)} of ${machines(total)} succeeded`,
      failed > 0 && `${formatCount(failed)} failed`,
      cancelled > 0 && `${formatCount(cancelled)} cancelled`,
    ]
      .filter(Boolean)
      .join(', '),
  formTitle: (command: OfferedBulkCommand, count: number) => `${verb(command)} ${machines(count)}`,
  refusedVms: (count: number) => `${machines(count)} left out by the service`,
  selectFailed: 'Select the failed VMs',
  showJob: 'Show results',
};
