import { resultOfJob, type Job } from '@aether-v/types';
import {
  unreachableText,
  errorTexts,
  forgottenText,
  withdrawnText,
  type ErrorText,
} from '../components/error.text.ts';
import { api } from '../fleet/api.ts';
import { rowsOf } from '../fleet/cache.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { isActive } from '../fleet/is-active.ts';
import { ApiProblem, CommandWithdrawn } from '../fleet/problem.ts';
import type { OfferedCommand } from '../fleet/offered-commands.ts';
import { actionTexts } from './actions.text.ts';

/** The VM or host that a command is about. */
export interface ActionSubject {
  readonly id: string;
  readonly name: string;
}

/** The result of requesting a command. */
export type Asked =
  | { readonly accepted: true; readonly job: Job }
  | {
      readonly accepted: false;
      readonly text: ErrorText;
      readonly detail: string | null;
      /** The refusal of the service; null if it did not respond. */
      readonly problem: ApiProblem | null;
    };

/** Returns the job by which the command is being executed on the subject; null if there is none. */
function activeJob(fleet: Fleet, command: OfferedCommand, subjectId: string): Job | null {
  const isSame = (job: Job): boolean =>
    job.command === command && job.subject.id === subjectId && isActive(job);
  return rowsOf(fleet.cache, 'job').find(isSame) ?? null;
}

/** Sends a command to the service; an accepted job appears on its subject at once. */
export async function sendCommand(fleet: Fleet, send: () => Promise<Job>): Promise<Asked> {
  try {
    const job = await send();
    fleet.accepted(job);
    return { accepted: true, job };
  } catch (error) {
    if (error instanceof ApiProblem)
      return { accepted: false, text: errorTexts[error.code], detail: error.message, problem: error };
    const text = error instanceof CommandWithdrawn ? withdrawnText : unreachableText;
    return { accepted: false, text, detail: null, problem: null };
  }
}

/** Requests a command without options. */
export async function askFor(fleet: Fleet, command: OfferedCommand, subjectId: string): Promise<Asked> {
  const asked = await sendCommand(fleet, () => api.act(subjectId, command));
  const code = asked.accepted ? null : asked.problem?.code;
  const same = activeJob(fleet, command, subjectId);
  // Asked for twice, as by two tabs or two people: the job that runs already is what was wanted.
  return same && (code === 'already-running' || code === 'wrong-state')
    ? { accepted: true, job: same }
    : asked;
}

/** Returns the text for a job that ended without success; null if it is running or succeeded. */
export function endText(job: Job | null): (ErrorText & { readonly detail: string | null }) | null {
  if (!job) return { ...forgottenText, detail: null };
  if (job.state !== 'failed' && job.state !== 'unknown' && job.state !== 'cancelled') return null;
  const code =
    job.error?.code ??
    (job.state === 'unknown' ? 'outcome-unknown' : job.state === 'cancelled' ? 'cancelled' : 'internal');
  const text = errorTexts[code];
  return { what: text.what, todo: job.error?.remedy ?? text.todo, detail: job.error?.message ?? null };
}

/** Returns the result of a job in words; null if the new state of its subject shows the result. */
export function findingText(job: Job | null): string | null {
  const test = job && resultOfJob(job, 'host.test');
  return test && actionTexts.connectionWorks(test.hostName, test.agentVersion);
}

/** Resolves with the job once it has ended or its outcome is unknown; null if the service no longer knows it. */
export function whenEnded(fleet: Fleet, id: string): Promise<Job | null> {
  return new Promise((resolve) => {
    let unsubscribe: () => void = () => undefined;
    const check = (): void => {
      const job = fleet.row('job', id);
      if (job ? isActive(job) : !fleet.isGone('job', id)) return;
      unsubscribe();
      resolve(job);
    };
    unsubscribe = fleet.subscribe(check);
    check();
  });
}
