import { PsrpError, type MessageBodies } from '../core/index.ts';

/** Why a pool broke: a PsrpError as it is, anything else as the cause of one. */
export function asPoolError(cause: unknown): PsrpError {
  if (cause instanceof PsrpError) return cause;
  const message = cause instanceof Error ? cause.message : String(cause);
  return new PsrpError('pool-broken', `The transport failed: ${message}`, { cause });
}

type ReportedState = MessageBodies['RUNSPACEPOOL_STATE'];

/** Whether a reported state ends the pool. A host that is closing it may never report that it is closed. */
export function isEnd({ state }: ReportedState): boolean {
  return state === 'Closing' || state === 'Closed' || state === 'Broken';
}

/** The error of a pool whose host reported that it ends. */
export function reportedEnd({ state, error }: ReportedState): PsrpError {
  return new PsrpError('pool-broken', error?.message ?? `The host reported the state ${state}`);
}
