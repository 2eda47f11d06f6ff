import { PsrpError, type MessageBodies } from '../core/index.ts';

/** Returns a PsrpError unchanged and wraps any other error in a PsrpError `pool-broken`. */
export function asPoolError(cause: unknown): PsrpError {
  if (cause instanceof PsrpError) return cause;
  const message = cause instanceof Error ? cause.message : String(cause);
  return new PsrpError('pool-broken', `The transport failed: ${message}`, { cause });
}

type ReportedState = MessageBodies['RUNSPACEPOOL_STATE'];

/** Returns whether a reported state ends the pool. A host may report Closing and never Closed. */
export function isEnd({ state }: ReportedState): boolean {
  return state === 'Closing' || state === 'Closed' || state === 'Broken';
}

/** Creates the error of a pool whose host reported its end. */
export function reportedEnd({ state, error }: ReportedState): PsrpError {
  return new PsrpError('pool-broken', error?.message ?? `The host reported the state ${state}`);
}
