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

/** A job in the store; immutable. */
export type JobRow = Readonly<Job>;

/** The parts of a job that never change. */
export interface JobIdentity extends Pick<
  Job,
  'id' | 'command' | 'title' | 'subject' | 'hostId' | 'actor' | 'source'
> {
  readonly parentId?: string;
  readonly step?: JobStep;
  readonly retryOf?: string;
}

/** Returns a waiting job. */
export function queuedJob({ parentId, step, retryOf, ...identity }: JobIdentity, at: string): Job {
  return {
    ...identity,
    parentId: parentId ?? null,
    step: step ?? null,
    retryOf: retryOf ?? null,
    retriedBy: null,
    children: null,
    title: identity.title.slice(0, maxTextLength),
    state: 'queued',
    createdAt: at,
    startedAt: null,
    finishedAt: null,
    queuePosition: null,
    percent: null,
    message: null,
    cancelRequested: false,
    cancellable: true,
    cancelOutcome: null,
    error: null,
    acknowledgedBy: null,
    acknowledgedAt: null,
    result: null,
    log: [],
  };
}

/** Returns the job after it started. */
export function startedJob(job: JobRow, at: string): Job {
  return { ...job, state: 'running', startedAt: job.startedAt ?? at, message: null, error: null };
}

/** Returns the job with new progress. */
export function progressedJob(job: JobRow, percent: number | null, message: string | null): Job {
  return { ...job, percent, message: message ?? job.message };
}

/** The maximum length of the log messages in a job's row, in characters. */
const maxJobLogText = 8192;

/** Returns the job with another log line; the oldest ones are dropped if necessary. */
export function loggedJob(job: JobRow, line: JobLogLine): Job {
  let log = [...job.log, shortLine(line)].slice(-maxJobLogLines);
  while (log.length > 1 && textLength(log) > maxJobLogText) log = log.slice(1);
  return { ...job, log };
}

/** Truncates a log line to the contract's limit. */
export function shortLine(line: JobLogLine): JobLogLine {
  return { ...line, message: line.message.slice(0, maxTextLength) };
}

function textLength(log: readonly JobLogLine[]): number {
  return log.reduce((length, { message }) => length + message.length, 0);
}

/** Returns the job as waiting again: its host was not reached, so it has not begun. */
export function waitingJob(job: JobRow): Job {
  return { ...job, state: 'queued', startedAt: null, message: 'Waiting for the host to become reachable.' };
}

/** Returns the job after its host reported success, which is compared with the request. */
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

/** Returns the job after it ended without success. Cancellations and unknown outcomes are not failures. */
export function endedJob(job: JobRow, at: string, error: ErrorInfo): Job {
  if (error.code === 'outcome-unknown') return lostJob(job, error);
  if (error.code !== 'cancelled') return { ...job, state: 'failed', finishedAt: at, error };
  return { ...job, state: 'cancelled', finishedAt: at, message: error.message, error: null };
}

/** Returns the job after the connection to its host was lost: only the host's journal contains the outcome. */
export function lostJob(job: JobRow, error: ErrorInfo): Job {
  return { ...job, state: 'unknown', error };
}

/** Returns the job after its cancellation was requested. */
export function cancelRequestedJob(job: JobRow): Job {
  return { ...job, cancelRequested: true };
}

/** Returns the job after the host did not receive the cancel request, which can be repeated. */
export function cancelFailedJob(job: JobRow): Job {
  return { ...job, cancelRequested: false };
}

/** Returns the job after the host reported that it can no longer cancel it. */
export function cancelTooLateJob(job: JobRow): Job {
  return { ...job, cancelOutcome: 'too-late' };
}

/** Returns the job with `cancellable` and `cancelOutcome` derived from its state. */
export function withCancelling(job: Job): Job {
  const cancelOutcome = outcomeOfCancel(job);
  const isLate = cancelOutcome === 'too-late';
  const cancellable = job.state === 'queued' || (mayRun(job) && cancelsRunning(job) && !isLate);
  const message = isLate && job.state === 'succeeded' ? doneBeforeCancel : job.message;
  return { ...job, cancellable, cancelOutcome, message };
}

function outcomeOfCancel(job: Job): Job['cancelOutcome'] {
  if (!job.cancelRequested) return null;
  if (job.state === 'cancelled') return 'cancelled';
  return isEnded(job) ? 'too-late' : job.cancelOutcome;
}

/** A parent in state unknown may still have queued children. */
function mayRun({ state, children }: Job): boolean {
  return state === 'running' || (state === 'unknown' && children !== null);
}

/** A job with children can be cancelled until it ends: waiting children do not start. */
function cancelsRunning({ command, children }: Job): boolean {
  if (children !== null) return true;
  const known: Readonly<Record<string, OperationSchema>> = operations;
  return known[operationOfCommand(command)]?.cancelsRunning ?? false;
}

const doneBeforeCancel = 'The cancel request came too late: the operation was completed.';

/** Returns the job according to its host's journal. */
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

/** Clocks are only compared to a few seconds, so a journal may contain an end before the service's start of the job. */
function notBefore(moment: string, earliest: string): string {
  return Date.parse(moment) < Date.parse(earliest) ? earliest : moment;
}

/** Returns the job without an acknowledgement of its previous state. */
export function newlyUnacknowledged(job: Job, previous: JobRow): Job {
  if (job.state === previous.state || job.acknowledgedAt === null) return job;
  return { ...job, acknowledgedBy: null, acknowledgedAt: null };
}

/** Returns whether the job has ended for good. */
export function isEnded(job: JobRow): boolean {
  return isJobFinal(job.state);
}

const failedForNoReason: ErrorInfo = {
  code: 'agent-error',
  message: "The host's journal shows that the operation failed, without the reason.",
  remedy: null,
};

const journalSaysNoMore: ErrorInfo = {
  code: 'outcome-unknown',
  message: "The host's journal does not contain the operation's outcome.",
  remedy: 'Check the state of the VM before you try again.',
};
