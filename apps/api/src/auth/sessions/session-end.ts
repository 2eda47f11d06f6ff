import type { SessionEndReason } from '@aether-v/types';
import { ProblemError } from '../../problems/problem-error.ts';

const words: Readonly<Record<SessionEndReason, string>> = {
  'signed-out': 'The session was signed out.',
  idle: 'The session ended because it was not used.',
  limit: 'The session ended because it reached its maximum duration.',
  refused: 'The identity provider or the accounts file no longer confirms the session.',
  renew: 'The session must be renewed, for example because the service was restarted.',
};

/** Returns the problem of a request whose session has ended. */
export function sessionEnded(reason: SessionEndReason): ProblemError {
  return new ProblemError('session-expired', `${words[reason]} Sign in again.`);
}
