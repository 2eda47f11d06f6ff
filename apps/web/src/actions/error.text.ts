import type { ErrorCode } from '@aether-v/types';

/** What happened and what to do, for people. */
export interface ErrorText {
  readonly what: string;
  readonly todo: string;
}

/** One text for each error of the product; a new code without words does not compile. */
export const errorTexts: Record<ErrorCode, ErrorText> = {
  'bad-request': {
    what: 'The service could not read the request.',
    todo: 'Reload the page: the console may be older than the service.',
  },
  unauthenticated: { what: 'You are not signed in.', todo: 'Sign in and try again.' },
  forbidden: { what: 'You are not permitted to do this.', todo: 'Ask an administrator for the permission.' },
  'foreign-origin': {
    what: 'The service refused the request because it came from another site.',
    todo: 'Open the console at the address of the service itself.',
  },
  'not-found': { what: 'It no longer exists.', todo: 'It may have been deleted or moved out of the fleet.' },
  'method-not-allowed': {
    what: 'The service does not offer this.',
    todo: 'Reload the page: the console may be older than the service.',
  },
  'wrong-state': {
    what: 'The virtual machine was in another state by then.',
    todo: 'Look at its present state and choose again.',
  },
  'already-running': {
    what: 'Another job for this object is under way.',
    todo: 'Wait for that job to end, or cancel it.',
  },
  conflict: {
    what: 'What the host has is not what was expected: a name is taken, or something was changed meanwhile.',
    todo: 'Look at its present state, then try again.',
  },
  disputed: {
    what: 'Hosts contradict each other about it, so the action could reach a wrong virtual machine.',
    todo: 'Read the conflict on its page, and remove the host that is wrong or the copy.',
  },
  'in-use': {
    what: 'Something else still uses it.',
    todo: 'Read the log of the job to see what uses it, and release it there first.',
  },
  fenced: {
    what: 'A newer instance of the service has taken over this host.',
    todo: 'Try again: the newer instance will answer.',
  },
  'payload-too-large': { what: 'The request was too large.', todo: 'Send less at once.' },
  'unsupported-media-type': {
    what: 'The service could not read the request.',
    todo: 'Reload the page: the console may be older than the service.',
  },
  'foreign-host': {
    what: 'The service does not know the name in the address bar.',
    todo: 'Use an address that it knows, or add this one to ALLOWED_HOSTS.',
  },
  'validation-failed': { what: 'Some of what was entered is not valid.', todo: 'Correct it and try again.' },
  'too-many-requests': { what: 'There were too many requests.', todo: 'Wait a moment and try again.' },
  cancelled: { what: 'The job was cancelled.', todo: 'Start it again if it is still wanted.' },
  internal: {
    what: 'Something inside the service failed.',
    todo: 'Try again; if it stays, look at the log of the service.',
  },
  'not-supported': { what: 'The host does not support this.', todo: 'Check the host’s version and roles.' },
  'out-of-space': {
    what: 'The storage on the host has not enough free space.',
    todo: 'Make room there, or choose another storage.',
  },
  'agent-error': {
    what: 'Hyper-V on the host reported an error.',
    todo: 'Read the log of the job and correct the cause on the host.',
  },
  'hyperv-missing': {
    what: 'The host has no Hyper-V, or not its PowerShell module.',
    todo: 'Install the Hyper-V role with its management tools on the host, then try again.',
  },
  'agent-missing': {
    what: 'The agent is not installed on the host.',
    todo: 'Install the host agent and try again.',
  },
  'contract-violation': {
    what: 'The host gave an answer that the service does not understand.',
    todo: 'Check that the agent on the host has the version that this service expects.',
  },
  'access-denied': {
    what: 'The host refused the credentials of the service.',
    todo: 'Check the account and its rights on the host.',
  },
  'outcome-unknown': {
    what: 'The connection was lost before the host could say how it ended.',
    todo: 'Look at the present state. The job is resolved when the host answers again.',
  },
  'host-unreachable': {
    what: 'The host cannot be reached.',
    todo: 'Check that the host is up and that WinRM can be reached from the service; npm run doctor finds what is in the way.',
  },
  'hyperv-unavailable': {
    what: 'Hyper-V does not answer on the host: its management service (vmms) is stopped or starting.',
    todo: 'Start the service vmms on the host, or wait until it has started. Virtual machines that run go on meanwhile.',
  },
  'breaker-open': {
    what: 'The host has been away for a while, so the service does not try at the moment.',
    todo: 'Open the host’s page to see what is wrong; the service keeps looking for it.',
  },
  'shutting-down': { what: 'The service is shutting down.', todo: 'Try again in a moment.' },
  'host-timeout': {
    what: 'The host did not answer in time.',
    todo: 'Look at the present state, then try again.',
  },
  'guest-timeout': {
    what: 'The guest operating system did not act in time.',
    todo: 'Look at its console. If it hangs, turn the virtual machine off; unsaved data in the guest is lost.',
  },
};

/** A job that the service no longer knows, as after a restart before the host was asked. */
export const forgottenText: ErrorText = {
  what: 'The service was restarted and no longer knows this job.',
  todo: 'Look at the present state of the virtual machine, and choose again if needed.',
};

export const awayText: ErrorText = {
  what: 'The service does not answer.',
  todo: 'Nothing was done. The console reconnects by itself; try again then.',
};
