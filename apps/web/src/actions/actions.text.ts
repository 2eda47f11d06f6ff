import {
  commands,
  vmActions,
  type JobState,
  type VmSummary,
  type VmActionName,
  type VmState,
} from '@aether-v/types';
import { vmStateWords } from '../components/states.text.ts';

const labelOf = (action: VmActionName): string => commands[vmActions[action].op].label;

/** `off, saved or paused`. */
function either(words: readonly string[]): string {
  return new Intl.ListFormat('en-GB', { type: 'disjunction' }).format([...new Set(words)]);
}

const endWords: Record<JobState, string> = {
  queued: 'waiting',
  running: 'under way',
  succeeded: 'done',
  failed: 'failed',
  cancelled: 'cancelled',
  unknown: 'outcome not known',
};

export const actionTexts = {
  more: (name: string) => `More actions for ${name}`,
  wrongState: (action: VmActionName, state: VmState) =>
    `Possible when the virtual machine is ${either(vmActions[action].allowedStates.map((each) => vmStateWords[each]))}; it is ${vmStateWords[state]}.`,
  critical:
    'The virtual machine is critical (most often it has lost its storage): it can only be turned off.',
  conflict:
    'Hosts contradict each other about this virtual machine, so nothing can be done with it until they agree.',
  moving: 'The virtual machine is moving between hosts; wait until it has arrived.',
  hostAway: (host: string) => `${host} is away: nothing can be done there until it answers again.`,
  started: {
    start: 'Starting',
    shutdown: 'Shutting down',
    stop: 'Turning off',
    restart: 'Restarting',
    reset: 'Resetting',
    save: 'Saving',
    pause: 'Pausing',
    resume: 'Resuming',
  } satisfies Record<VmActionName, string>,
  refused: (action: VmActionName, name: string) => `${labelOf(action)} ${name}: not possible`,
  ended: (state: JobState, action: VmActionName, name: string) =>
    `${labelOf(action)} ${name}: ${endWords[state]}`,
  showJob: 'Show the job',
  showLog: 'Show the job’s log',
  dismiss: 'Dismiss',
  keep: 'Cancel',
  confirmTitle: (action: VmActionName, name: string) => `${labelOf(action)} ${name}?`,
  confirmBody(action: VmActionName, vm: VmSummary): string {
    const guest = vm.guest?.osName ? `${vm.guest.osName} in ${vm.name}` : `The guest in ${vm.name}`;
    return action === 'reset'
      ? `${guest} is not asked: the virtual machine restarts at once, as with the reset button of a computer. Unsaved data is lost.`
      : `${guest} is not asked: the virtual machine loses power at once. Unsaved data is lost. Shut down asks the guest instead.`;
  },
};
