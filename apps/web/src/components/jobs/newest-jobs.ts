import type { Job } from '@aether-v/types';
import { isActive } from '../../fleet/is-active.ts';

/** Lists running jobs first, then ended ones, newest first in each group (ids are UUIDv7 and sort by time). */
export function newestJobs(jobs: readonly Job[], most: number): readonly Job[] {
  const newest = (a: Job, b: Job): number => (a.id < b.id ? 1 : a.id > b.id ? -1 : 0);
  const sorted = [...jobs].sort((a, b) => Number(isActive(b)) - Number(isActive(a)) || newest(a, b));
  return sorted.slice(0, most);
}
