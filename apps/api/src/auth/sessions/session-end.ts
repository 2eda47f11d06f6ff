import type { SessionEndReason } from '@aether-v/types';
import { ProblemError } from '../../problems/problem-error.ts';

const words: Readonly<Record<SessionEndReason, string>> = {
  'signed-out': 'You have signed out.',
  idle: 'The session was unused for too long.',
  limit: 'The session has reached its longest duration.',
  refused: 'Your access has ended or changed at the identity provider or in the accounts file.',
  renew: 'The session must be renewed, for example because the service was restarted.',
};

/** Returns the problem of a request whose session has ended. */
export function sessionEnded(reason: SessionEndReason): ProblemError {
  return new ProblemError('session-expired', `${words[reason]} Sign in again.`);
}
