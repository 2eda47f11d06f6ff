import type { Job } from '@aether-v/types';
import { isActive } from '../../fleet/is-active.ts';
import { jobTexts } from './jobs.text.ts';

/** Returns why a job ended as it did, or what it does at the moment; null if there is nothing to say. */
export function jobMessage(job: Job): string | null {
  if (job.error) return job.error.message;
  if (job.cancelOutcome === 'too-late') return jobTexts.cancelTooLate;
  return isActive(job) ? job.message : null;
}

/** Returns the text next to a job's progress or result in a list: its step, the counts of its children, its message. */
export function jobSays(job: Job): string {
  // The error of a parent has the counts.
  const counts = job.children && !job.error && jobTexts.children(job.children);
  return [job.step && jobTexts.step(job.step), counts, jobMessage(job)].filter(Boolean).join(' · ');
}
