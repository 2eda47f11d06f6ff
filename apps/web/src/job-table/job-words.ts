import { commands, isCommandName, type Job } from '@aether-v/types';
import { jobStateViews } from '../components/states.text.ts';
import type { StatusView } from '../components/status.tsx';
import { jobTableTexts as texts } from './job-table.text.ts';

/** Returns what a job does, without the name of its subject, which has a separate column, and its preposition. */
export function jobWhat({ title, subject }: Job): string {
  const end = ` ${subject.name ?? ''}`;
  return subject.name !== null && title.length > end.length && title.endsWith(end)
    ? title.slice(0, -end.length).replace(/ (?:of|on|to)$/, '')
    : title;
}

/** Returns the label of a command, or the name of an operation that has none. */
export function commandLabel(name: string): string {
  return isCommandName(name) ? commands[name].label : name;
}

/** Returns whether a job ended in a way that someone should know about. */
export function isBad({ state }: Job): boolean {
  return state === 'failed' || state === 'unknown';
}

/** Returns the state of a job: its place in the queue while it waits, and that a failure was acknowledged. */
export function jobStateView(job: Job): StatusView {
  const view = jobStateViews[job.state];
  if (job.state === 'queued' && job.queuePosition !== null)
    return { ...view, word: texts.queued(job.queuePosition) };
  return isBad(job) && job.acknowledgedBy !== null ? { ...view, word: texts.acknowledged(view.word) } : view;
}

/** Returns how long a job has taken so far, or took, in milliseconds; null before it began. */
export function tookMs({ startedAt, finishedAt }: Job, now: number): number | null {
  if (startedAt === null) return null;
  const end = finishedAt === null ? now : Date.parse(finishedAt);
  return Math.max(0, end - Date.parse(startedAt));
}
