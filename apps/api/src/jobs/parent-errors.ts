import type { ErrorInfo } from '@aether-v/types';
import { ProblemError } from '../problems/problem-error.ts';
import type { JobRow } from './job-transitions.ts';

/** Returns the refusal of a parent whose plan does not fit into a note. */
export function planTooLong(): ProblemError {
  return new ProblemError(
    'payload-too-large',
    'The combined requests are too long. Send them in smaller groups.',
  );
}

// The texts below do not say that the child did not start: after a restart, only the journal of its host shows that.

/** Returns the reason for not sending a child while another job does the same. */
export function alreadyRunning({ id, title }: JobRow): ErrorInfo {
  return {
    code: 'already-running',
    message: `This command is already in progress: job ${id} (${title}).`,
    remedy: null,
  };
}

/** The reason for not sending the remaining children of a sequence. */
export const stopped: ErrorInfo = {
  code: 'cancelled',
  message: 'An earlier step failed or was cancelled, so this one is not sent.',
  remedy: null,
};

/** The reason for not sending a child again whose request had secrets. */
export const secretLost: ErrorInfo = {
  code: 'cancelled',
  message: 'Not sent again: the service restarted, and the request contained a secret, which is not stored.',
  remedy: 'Send the request again.',
};

/** The reason for not sending a child whose command this version does not have. */
export const notKnown: ErrorInfo = {
  code: 'not-supported',
  message: 'This version of the service does not support the command.',
  remedy: null,
};
