import {
  isJobFinal,
  maxJobLogLines,
  maxTextLength,
  operationOfCommand,
  operations,
  type ErrorInfo,
  type Job,
  type JobLogLine,
  type JobStep,
  type JournalEntry,
  type OperationSchema,
} from '@aether-v/types';
import { contradictionOf } from './contradiction.ts';
import { resultOf } from './result-of.ts';

/** A job as the store keeps it: replaced, never changed. */
export type JobRow = Readonly<Job>;

/** The parts of a job that never change. */
export interface JobIdentity extends Pick<
  Job,
  'id' | 'command' | 'title' | 'subject' | 'hostId' | 'actor' | 'source'
> {
  readonly parentId?: string;
  readonly step?: JobStep;
}

/** A job that waits for its turn. */
export function queuedJob({ parentId, step, ...identity }: JobIdentity, at: string): Job {
  return {
    ...identity,
    parentId: parentId ?? null,
    step: step ?? null,
    children: null,
    title: identity.title.slice(0, maxTextLength),
    state: 'queued',
    createdAt: at,
    startedAt: null,
    finishedAt: null,
    percent: null,
    message: null,
    cancelRequested: false,
    cancellable: true,
    cancelOutcome: null,
    error: null,
    result: null,
    log: [],
  };
}

/** The job has its turn. */
export function startedJob(job: JobRow, at: string): Job {
  return { ...job, state: 'running', startedAt: job.startedAt ?? at, message: null, error: null };
}

/** The host said how far it is. */
export function progressedJob(job: JobRow, percent: number | null, message: string | null): Job {
  return { ...job, percent, message: message ?? job.message };
}

/** How much of its log the row of a job carries, in characters of messages. */
const maxJobLogText = 8192;

/** One more line in the job's log; the oldest make room. */
export function loggedJob(job: JobRow, line: JobLogLine): Job {
  let log = [...job.log, shortLine(line)].slice(-maxJobLogLines);
  while (log.length > 1 && textLength(log) > maxJobLogText) log = log.slice(1);
  return { ...job, log };
}

/** A line of a log, no longer than the contract allows. */
export function shortLine(line: JobLogLine): JobLogLine {
  return { ...line, message: line.message.slice(0, maxTextLength) };
}

function textLength(log: readonly JobLogLine[]): number {
  return log.reduce((length, { message }) => length + message.length, 0);
}

/** The job waits again: its host could not be reached, so it has not begun. */
export function waitingJob(job: JobRow): Job {
  return { ...job, state: 'queued', startedAt: null, message: 'Waiting for the host to become reachable.' };
}

/** The host says that the job did what it was for; that is compared with what was asked for. */
export function succeededJob(job: JobRow, at: string, result: unknown): Job {
  const contradiction = contradictionOf(job, result);
  if (contradiction !== null) {
    const { isFailure, error } = contradiction;
    return isFailure ? endedJob(job, at, error) : lostJob(job, error);
  }
  const known = resultOf(job.command, result);
  return {
    ...job,
    state: 'succeeded',
    percent: 100,
    message: null,
    finishedAt: at,
    error: null,
    result: known,
  };
}

/** The job came to nothing. A cancellation is no failure, and neither is an outcome that the host does not know. */
export function endedJob(job: JobRow, at: string, error: ErrorInfo): Job {
  if (error.code === 'outcome-unknown') return lostJob(job, error);
  if (error.code !== 'cancelled') return { ...job, state: 'failed', finishedAt: at, error };
  return { ...job, state: 'cancelled', finishedAt: at, message: error.message, error: null };
}

/** The host was lost on the way: what became of the job, only its journal can tell. */
export function lostJob(job: JobRow, error: ErrorInfo): Job {
  return { ...job, state: 'unknown', error };
}

/** Whoever asked for the job wants it no longer. */
export function cancelRequestedJob(job: JobRow): Job {
  return { ...job, cancelRequested: true };
}

/** The host could not be asked to cancel, so it can be asked again. */
export function cancelFailedJob(job: JobRow): Job {
  return { ...job, cancelRequested: false };
}

/** The host cannot cancel the job any more: it goes on to its end. */
export function cancelTooLateJob(job: JobRow): Job {
  return { ...job, cancelOutcome: 'too-late' };
}

/** The job with what its state says about cancelling: whether that can have an effect, and what became of a request. */
export function withCancelling(job: Job): Job {
  const cancelOutcome = outcomeOfCancel(job);
  const isLate = cancelOutcome === 'too-late';
  const cancellable = job.state === 'queued' || (job.state === 'running' && cancelsRunning(job) && !isLate);
  const message = isLate && job.state === 'succeeded' ? doneBeforeCancel : job.message;
  return { ...job, cancellable, cancelOutcome, message };
}

function outcomeOfCancel(job: Job): Job['cancelOutcome'] {
  if (!job.cancelRequested) return null;
  if (job.state === 'cancelled') return 'cancelled';
  return isEnded(job) ? 'too-late' : job.cancelOutcome;
}

/** A job with children can be cancelled as long as it has not ended: those that wait do not start. */
function cancelsRunning({ command, children }: Job): boolean {
  if (children !== null) return true;
  const known: Readonly<Record<string, OperationSchema>> = operations;
  return known[operationOfCommand(command)]?.cancelsRunning ?? false;
}

const doneBeforeCancel = 'The cancel request came too late: the operation was completed.';

/** The job as the host's journal tells it. */
export function journalledJob(job: JobRow, entry: JournalEntry, at: string): Job {
  const known: Job = {
    ...job,
    startedAt: job.startedAt ?? entry.startedAt,
    percent: entry.percent ?? job.percent,
    message: entry.message ?? job.message,
  };
  const end = notBefore(entry.finishedAt ?? at, known.startedAt ?? at);
  switch (entry.state) {
    case 'running':
      return { ...known, state: 'running', error: null };
    case 'succeeded':
      return succeededJob(known, end, entry.result);
    case 'cancelled':
      return endedJob(known, end, {
        code: 'cancelled',
        message: entry.message ?? 'Cancelled.',
        remedy: null,
      });
    case 'failed':
      return endedJob(known, end, entry.error ?? failedForNoReason);
    case 'unknown':
      return lostJob(known, entry.error ?? journalSaysNoMore);
  }
}

/** Clocks are compared to a few seconds only, so a journal may say that a job ended before the service started it. */
function notBefore(moment: string, earliest: string): string {
  return Date.parse(moment) < Date.parse(earliest) ? earliest : moment;
}

/** Whether nothing more can happen to the job. */
export function isEnded(job: JobRow): boolean {
  return isJobFinal(job.state);
}

const failedForNoReason: ErrorInfo = {
  code: 'agent-error',
  message: "The host's journal says that the operation failed, and not why.",
  remedy: null,
};

const journalSaysNoMore: ErrorInfo = {
  code: 'outcome-unknown',
  message: "The host's journal does not say how the operation ended.",
  remedy: 'Check the state of the VM before you try again.',
};
