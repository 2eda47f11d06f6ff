import type { CommandSubject, JobStep } from '@aether-v/types';
import { formatCount } from '../../components/format.ts';
import { jobTexts } from '../../components/jobs/jobs.text.ts';

export const jobPageTexts = {
  notFound: 'Job not found',
  notFoundBody: 'The service only keeps recent jobs.',
  back: 'All jobs',
  failed: 'The job could not be loaded',
  subjects: { vm: 'Virtual machine', host: 'Host', cluster: 'Cluster' } satisfies Record<
    Exclude<CommandSubject, 'none'>,
    string
  >,
  actor: 'Started by',
  toldBy: (actor: string, host: string) => `${actor} (reported by ${host})`,
  queue: 'Queue',
  before: (count: number) =>
    count === 0 ? 'Next on its host' : `${formatCount(count)} ${count === 1 ? 'job' : 'jobs'} before it`,
  acknowledged: 'Acknowledged',
  acknowledgedBy: (actor: string, time: string) => `by ${actor}, ${time}`,
  retryOf: 'Retries',
  retriedBy: 'Retried by',
  cancelling: 'Cancellation',
  cancelAsked: 'Requested',
  cancelOutcomes: { cancelled: 'Cancelled on request', 'too-late': 'Requested too late' },
  created: 'Requested',
  started: 'Started',
  finished: 'Ended',
  waiting: 'Not yet',
  state: 'State',
  message: 'Message',
  facts: 'Job',
  job: 'Job',
  partOf: 'Part of',
  /** Followed by the title of the parent. */
  stepOf: (step: JobStep) => `${jobTexts.step(step)} of`,
  step: 'Step',
  steps: 'Steps',
  stepsFailed: 'The steps could not be loaded',
  noHost: 'Several hosts',
  result: 'Result',
  hostName: 'Host name',
  agentVersion: 'Agent version',
  deleted: (count: number) => `Deleted (${formatCount(count)})`,
  nothingDeleted: 'No files were deleted.',
  notDeleted: (message: string) => `Could not be deleted. ${message}`,
  remaining: (count: number) => `Files that remain (${formatCount(count)})`,
  file: 'File',
  reason: 'Reason',
  showAll: (count: number) => `Show all ${formatCount(count)}`,
};
