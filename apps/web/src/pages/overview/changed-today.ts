import type { Job } from '@aether-v/types';
import { topJobs } from '../../fleet/job-order.ts';
import { pageSize } from '../../fleet/queries.ts';

/** The jobs of a day. */
export interface ChangedToday {
  readonly total: number;
  readonly failed: number;
  /** True if there may be more than the console knows: it reads the newest page of jobs only. */
  readonly isMore: boolean;
}

/** Counts the jobs since midnight in the viewer's time zone; a parent stands for its children. */
export function changedToday(jobs: readonly Job[], now: number): ChangedToday {
  const midnight = new Date(now).setHours(0, 0, 0, 0);
  const known = topJobs(jobs);
  const today = known.filter(({ createdAt }) => Date.parse(createdAt) >= midnight);
  return {
    total: today.length,
    failed: today.filter(({ state }) => state === 'failed').length,
    isMore: known.length >= pageSize && today.length === known.length,
  };
}
