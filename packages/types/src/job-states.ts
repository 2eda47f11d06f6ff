/** The states of a job; `unknown` when the host was lost after the operation may have begun. */
export const jobStates = ['queued', 'running', 'succeeded', 'failed', 'cancelled', 'unknown'] as const;

/** The state of a job. */
export type JobState = (typeof jobStates)[number];

/** Whether a job in this state has ended; `unknown` has not: the host's journal may still tell. */
export function isJobFinal(state: JobState): boolean {
  return state === 'succeeded' || state === 'failed' || state === 'cancelled';
}

/**
 * Who says what a job is: the service, which accepted it, or only the journal of a host, out of which the service restored it. A host
 * may write into its journal what it likes.
 */
export const jobSources = ['service', 'host'] as const;

/** What became of a request to cancel: the operation was cancelled, or it ended, or went on, all the same. */
export const cancelOutcomes = ['cancelled', 'too-late'] as const;
