/** The states of a job; `unknown` if the connection to the host was lost after the operation may have begun. */
export const jobStates = ['queued', 'running', 'succeeded', 'failed', 'cancelled', 'unknown'] as const;

/** The state of a job. */
export type JobState = (typeof jobStates)[number];

/**
 * Returns whether a job in this state has ended. `unknown` is not final: the host's journal may still show the outcome.
 */
export function isJobFinal(state: JobState): boolean {
  return state === 'succeeded' || state === 'failed' || state === 'cancelled';
}

/**
 * The source of a job's data: the service that accepted it, or only a host's journal, from which the service restored
 * it. A host may write anything into its journal.
 */
export const jobSources = ['service', 'host'] as const;

/** The outcome of a request to cancel: the operation was canceled, or it ended or continued regardless. */
export const cancelOutcomes = ['cancelled', 'too-late'] as const;
