/** The states of a job; `unknown` when the host was lost after the operation may have begun. */
export const jobStates = ['queued', 'running', 'succeeded', 'failed', 'cancelled', 'unknown'] as const;

/** The state of a job. */
export type JobState = (typeof jobStates)[number];

/** Whether a job in this state has ended; `unknown` has not: the host's journal may still tell. */
export function isJobFinal(state: JobState): boolean {
  return state === 'succeeded' || state === 'failed' || state === 'cancelled';
}
