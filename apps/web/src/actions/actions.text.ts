import {
  commandRow,
  commands,
  type JobState,
  type VmCommandName,
  type VmState,
  type VmSummary,
} from '@aether-v/types';
import { vmStateWords } from '../components/states.text.ts';
import type { OfferedCommand, OfferedVmCommand } from '../fleet/offered-commands.ts';

const disjunction = new Intl.ListFormat('en-GB', { type: 'disjunction' });

/** Formats a list such as `off, saved or paused`. */
function either(words: readonly string[]): string {
  return disjunction.format([...new Set(words)]);
}

function statesOf(command: VmCommandName): readonly string[] {
  return commandRow(command).allowedStates?.map((state) => vmStateWords[state]) ?? [];
}

const endWords: Record<JobState, string> = {
  queued: 'queued',
  running: 'in progress',
  succeeded: 'succeeded',
  failed: 'failed',
  cancelled: 'cancelled',
  unknown: 'outcome unknown',
};

/** Names a VM so that it cannot be confused with one of the same name on another host. */
export function vmOnHost({ name, hostName }: Pick<VmSummary, 'name' | 'hostName'>): string {
  return `${name} on ${hostName}`;
}

/** The effect of each command that asks for a confirmation; `guest` begins the sentence. */
const effects: Partial<Record<OfferedVmCommand, (guest: string) => string>> = {
  'vm.shutdown': (guest) => `${guest} is asked to shut down. Its services stop.`,
  'vm.restart': (guest) => `${guest} is asked to restart. Its services are interrupted until it is back.`,
  'vm.save': (guest) =>
    `${guest} stops, and its memory is written to disk. Its services stop until the virtual machine is started again.`,
  'vm.pause': (guest) =>
    `${guest} stops at once and keeps its memory. Its services do not respond until the virtual machine is resumed.`,
  'vm.stop': (guest) =>
    `${guest} is not notified: the virtual machine loses power at once. Unsaved data is lost. To notify the guest, use Shut down.`,
  'vm.reset': (guest) =>
    `${guest} is not notified: the virtual machine restarts at once, as with a computer’s reset button. Unsaved data is lost.`,
};

export const actionTexts = {
  more: (vm: VmSummary) => `More actions for ${vmOnHost(vm)}`,
  label: (command: OfferedVmCommand, vm: VmSummary) => `${commands[command].label} ${vmOnHost(vm)}`,
  wrongState: (command: VmCommandName, state: VmState) =>
    `Possible when the virtual machine is ${either(statesOf(command))}; it is ${vmStateWords[state]}.`,
  critical:
    'The virtual machine is critical, most often because it lost its storage. It can only be turned off. Check its storage first.',
  conflict:
    'Hosts contradict each other about this virtual machine. Actions are disabled until the conflict is resolved.',
  moving: 'The virtual machine is moving between hosts. Wait until the move has ended.',
  notInCluster:
    'The host of this virtual machine is not a cluster node, so there is no other node to move to.',
  notClustered:
    'The virtual machine is not a role of the cluster, so the cluster cannot move it. Add it to the cluster first.',
  replica: (host: string) =>
    `The virtual machine is a replica. It runs only after a failover, which is done with Hyper-V Manager on ${host}.`,
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
  ended: (state: JobState, title: string) => `${title}: ${endWords[state]}`,
  connectionWorks: (host: string, agentVersion: string) =>
    `${host} responded. Its agent has version ${agentVersion}.`,
  showLog: 'Show job log',
  dismiss: 'Dismiss',
  keep: 'Cancel',
  confirmTitle: (command: OfferedVmCommand, vm: VmSummary) => `${actionTexts.label(command, vm)}?`,
  confirmBody: (command: OfferedVmCommand, { name, guest }: VmSummary): string =>
    effects[command]?.(guest?.osName ? `${guest.osName} in ${name}` : `The guest in ${name}`) ?? '',
};
