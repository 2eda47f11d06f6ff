import type { Job } from '@aether-v/types';

/** Returns whether the job has not ended yet. */
export function isActive({ state }: Pick<Job, 'state'>): boolean {
  return state === 'queued' || state === 'running';
}
