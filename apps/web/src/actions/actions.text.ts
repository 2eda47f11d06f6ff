import { commandRow, commands, type JobState, type VmSummary, type VmState } from '@aether-v/types';
import { vmStateWords } from '../components/states.text.ts';
import type { OfferedCommand, OfferedVmCommand } from '../fleet/offered-commands.ts';

/** Formats a list such as `off, saved or paused`. */
function either(words: readonly string[]): string {
  return new Intl.ListFormat('en-GB', { type: 'disjunction' }).format([...new Set(words)]);
}

function statesOf(command: OfferedVmCommand): readonly string[] {
  return commandRow(command).allowedStates?.map((state) => vmStateWords[state]) ?? [];
}

const endWords: Record<JobState, string> = {
  queued: 'waiting',
  running: 'in progress',
  succeeded: 'done',
  failed: 'failed',
  cancelled: 'cancelled',
  unknown: 'outcome unknown',
};

export const actionTexts = {
  more: (name: string) => `More actions for ${name}`,
  wrongState: (command: OfferedVmCommand, state: VmState) =>
    `Possible when the virtual machine is ${either(statesOf(command))}; it is ${vmStateWords[state]}.`,
  critical:
    'The virtual machine is critical (most often it has lost its storage). It can only be turned off.',
  conflict:
    'Hosts contradict each other about this virtual machine. Actions are disabled until the conflict is resolved.',
  moving: 'The virtual machine is moving between hosts. Wait until it has arrived.',
  hostUnreachable: (host: string) => `${host} is unreachable. Actions are available when it responds again.`,
  started: {
    'host.test': 'Testing the connection to',
    'vm.start': 'Starting',
    'vm.shutdown': 'Shutting down',
    'vm.stop': 'Turning off',
    'vm.restart': 'Restarting',
    'vm.reset': 'Resetting',
    'vm.save': 'Saving',
    'vm.pause': 'Pausing',
    'vm.resume': 'Resuming',
  } satisfies Record<OfferedCommand, string>,
  refused: (command: OfferedCommand, name: string) => `${commands[command].title} ${name}: not possible`,
  ended: (state: JobState, command: OfferedCommand, name: string) =>
    `${commands[command].title} ${name}: ${endWords[state]}`,
  connectionWorks: (host: string, agentVersion: string) =>
    `${host} responded. Its agent has version ${agentVersion}.`,
  showJob: 'Show job',
  showLog: 'Show job log',
  dismiss: 'Dismiss',
  keep: 'Cancel',
  confirmTitle: (command: OfferedVmCommand, name: string) => `${commands[command].label} ${name}?`,
  confirmBody(command: OfferedVmCommand, vm: VmSummary): string {
    const guest = vm.guest?.osName ? `${vm.guest.osName} in ${vm.name}` : `The guest in ${vm.name}`;
    return command === 'vm.reset'
      ? `${guest} is not notified: the virtual machine restarts at once, as with a computer’s reset button. Unsaved data is lost.`
      : `${guest} is not notified: the virtual machine loses power at once. Unsaved data is lost. To notify the guest, use Shut down.`;
  },
};
