import type { Job } from '@aether-v/types';
import { isActive } from '../../fleet/is-active.ts';
import { jobTexts } from './jobs.text.ts';

/** Returns the message of a job, shown next to its progress or result. */
export function jobSays(job: Job): string {
  if (job.error) return job.error.message;
  if (job.cancelOutcome === 'too-late') return jobTexts.cancelTooLate;
  const parts = [
    job.step && jobTexts.step(job.step),
    job.children && jobTexts.children(job.children),
    isActive(job) ? job.message : null,
  ];
  return parts.filter(Boolean).join(' · ');
}
