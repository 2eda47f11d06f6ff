import type { Job } from '@aether-v/types';
import { isActive } from './is-active.ts';

/** Compares jobs as the service lists them: newest first. */
export function newestFirst(a: Job, b: Job): number {
  const age = Date.parse(b.createdAt) - Date.parse(a.createdAt);
  return age || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0);
}

/** Returns the jobs that lists show: a parent stands for its children, and a child without a known parent for itself. */
export function topJobs(jobs: readonly Job[]): readonly Job[] {
  const ids = new Set(jobs.map(({ id }) => id));
  return jobs.filter(({ parentId }) => parentId === null || !ids.has(parentId));
}

/** Returns the jobs to list first: active ones, then ended ones, each newest first, without children. */
export function newestJobs(jobs: readonly Job[], most: number): readonly Job[] {
  const byUrgency = (a: Job, b: Job): number =>
    Number(isActive(b)) - Number(isActive(a)) || newestFirst(a, b);
  return [...topJobs(jobs)].sort(byUrgency).slice(0, most);
}
