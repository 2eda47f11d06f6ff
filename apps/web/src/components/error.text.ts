import type { ErrorCode } from '@aether-v/types';

/** An error and its remedy, for people. */
export interface ErrorText {
  readonly what: string;
  readonly todo: string;
}

/** The console's text for each error code; a new code without a text does not compile. */
export const errorTexts: Record<ErrorCode, ErrorText> = {
  'bad-request': {
    what: 'The service could not read the request.',
    todo: 'Reload the page: the console may be older than the service.',
  },
  'sign-in-failed': {
    what: 'The sign-in could not be completed.',
    todo: 'Sign in again. If the error persists, ask an administrator to check the service’s log.',
  },
  unauthenticated: { what: 'You are not signed in.', todo: 'Sign in and try again.' },
  'session-expired': { what: 'Your session has ended.', todo: 'Sign in again; nothing was changed.' },
  'signature-used': {
    what: 'The signature of this request was used before.',
    todo: 'Sign the request again with a finer timestamp.',
  },
  forbidden: { what: 'You are not permitted to do this.', todo: 'Ask an administrator for the permission.' },
  'foreign-origin': {
    what: 'The service refused the request because it came from another site.',
    todo: 'Open the console at the address of the service itself.',
  },
  'no-suitable-host': {
    what: 'No host is suitable for the virtual machine.',
    todo: 'Free resources on a host, or change what the VM needs.',
  },
  'not-found': {
    what: 'The object no longer exists.',
    todo: 'It may have been deleted, or moved to a host outside this fleet.',
  },
  'method-not-allowed': {
    what: 'The service does not support this request.',
    todo: 'Reload the page: the console may be older than the service.',
  },
  'wrong-state': {
    what: 'The virtual machine’s state changed before the action started.',
    todo: 'Check its current state and choose again.',
  },
  'already-running': {
    what: 'Another job for this object is running.',
    todo: 'Wait for that job to end, or cancel it.',
  },
  conflict: {
    what: 'The state on the host differs from what was expected: a name is taken, or something was changed in the meantime.',
    todo: 'Check the current state, then try again.',
  },
  'ambiguous-name': {
    what: 'Several virtual machines have this name.',
    todo: 'Choose one of them by its host.',
  },
  disputed: {
    what: 'Hosts contradict each other about this virtual machine, so the action could reach the wrong one.',
    todo: 'Read the conflict on the virtual machine’s page, then remove the wrong host or the duplicate.',
  },
  'in-use': {
    what: 'The object is still in use elsewhere.',
    todo: 'Read the log of the job to see what uses it, and release it there first.',
  },
  fenced: {
    what: 'A newer instance of the service has taken over this host.',
    todo: 'Try again: the newer instance will respond.',
  },
  'precondition-failed': {
    what: 'The object has changed since you opened it.',
    todo: 'Check its current settings, then change it again.',
  },
  'payload-too-large': { what: 'The request was too large.', todo: 'Send a smaller request.' },
  'unsupported-media-type': {
    what: 'The service could not read the request.',
    todo: 'Reload the page: the console may be older than the service.',
  },
  'foreign-host': {
    what: 'The service does not know the name in the address bar.',
    todo: 'Use an address that it knows, or add this one to ALLOWED_HOSTS.',
  },
  'validation-failed': { what: 'Some of the values are invalid.', todo: 'Correct them and try again.' },
  'too-many-requests': { what: 'There were too many requests.', todo: 'Wait a moment and try again.' },
  cancelled: { what: 'The job was cancelled.', todo: 'Start it again if you still need it.' },
  internal: {
    what: 'The service failed unexpectedly.',
    todo: 'Try again. If the error persists, check the service’s log.',
  },
  'not-supported': { what: 'The host does not support this.', todo: 'Check the host’s version and roles.' },
  'out-of-space': {
    what: 'There is not enough free space on the host’s storage.',
    todo: 'Free up space, or choose other storage.',
  },
  'agent-error': {
    what: 'Hyper-V on the host reported an error.',
    todo: 'Read the log of the job and correct the cause on the host.',
  },
  'hyperv-missing': {
    what: 'Hyper-V or its PowerShell module is not installed on the host.',
    todo: 'Install the Hyper-V role with its management tools on the host, then try again.',
  },
  'agent-missing': {
    what: 'The agent is not installed on the host.',
    todo: 'Install the host agent and try again.',
  },
  'contract-violation': {
    what: 'The host sent a response that the service cannot read.',
    todo: 'Check that the agent’s version matches the version of the service.',
  },
  'access-denied': {
    what: 'The host refused the credentials of the service.',
    todo: 'Check the account and its rights on the host.',
  },
  'outcome-unknown': {
    what: 'The connection was lost before the host reported the result.',
    todo: 'Check the current state. The job’s result is determined when the host responds again.',
  },
  'audit-unavailable': {
    what: 'The service cannot write its audit log, so it changes nothing.',
    todo: 'Ask an administrator to check the folder LOG_DIR (free space, permissions), then try again.',
  },
  'provider-unavailable': {
    what: 'The identity provider cannot be reached, so sign-in is not possible at the moment.',
    todo: 'Try again in a minute. If the error persists, ask an administrator to check OIDC_ISSUER_URL and the network.',
  },
  'host-unreachable': {
    what: 'The host cannot be reached.',
    todo: 'Check that the host is running and that the service can reach its WinRM port. npm run doctor finds the cause.',
  },
  'hyperv-unavailable': {
    what: 'Hyper-V does not respond on the host: its management service (vmms) is stopped or starting.',
    todo: 'Start the service vmms on the host, or wait until it has started. Running virtual machines are not affected.',
  },
  'host-unavailable': {
    what: 'The host is unreachable, and the service is waiting before it tries again.',
    todo: 'Open the host’s page to see the cause. The service retries automatically.',
  },
  'shutting-down': { what: 'The service is shutting down.', todo: 'Try again in a moment.' },
  'host-timeout': {
    what: 'The host did not respond in time.',
    todo: 'Check the current state, then try again.',
  },
  'guest-timeout': {
    what: 'The guest operating system did not respond in time.',
    todo: 'Check its console. If it hangs, turn the virtual machine off; unsaved data in the guest is lost.',
  },
};

/** A job that the service no longer knows: it was restarted and has not read the host's journal yet. */
export const forgottenText: ErrorText = {
  what: 'The service was restarted and no longer knows this job.',
  todo: 'Check the current state, and start the action again if needed.',
};

export const unreachableText: ErrorText = {
  what: 'The service is not responding.',
  todo: 'Check the current state when the console has reconnected, and try again if needed.',
};

/** A command without a response in time. */
export const withdrawnText: ErrorText = {
  what: 'The service did not respond within 3 seconds, so the console withdrew the request. It will not be sent later.',
  todo: 'Check the list of jobs. If the action is not there, nothing was changed: try again.',
};
