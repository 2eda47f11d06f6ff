import { isJobFinal, type ErrorInfo, type Job, type JobChildren, type JobState } from '@aether-v/types';
import type { ParentPlan } from './parent-plan.ts';

/** A child's state, as needed by its parent. */
export interface ChildProgress {
  readonly name: string;
  readonly state: JobState;
  /** True if it is or was in its host's queue. */
  readonly isSent: boolean;
  readonly percent: number | null;
  readonly error: ErrorInfo | null;
  /** True if its row was removed before its outcome was known. */
  readonly isForgotten?: boolean;
}

type Order = ParentPlan['order'];

/**
 * Returns the indexes of the children to send now.
 *
 * @param isPlanKept True if a host's journal contains the plan. Until then one child is sent at a time, with the plan:
 * after a restart the service has no other way to find the children.
 */
export function childrenToSend(
  order: Order,
  children: readonly ChildProgress[],
  isPlanKept: boolean,
): readonly number[] {
  if (childrenToStop(order, children).length > 0) return [];
  const waiting = children.flatMap((child, index) => (isOver(child) ? [] : [{ child, index }]));
  const next = order === 'sequence' || !isPlanKept ? waiting.slice(0, 1) : waiting;
  return next.flatMap(({ child: { isSent, state }, index }) => (isSent || state !== 'queued' ? [] : [index]));
}

/** Returns whether the state of a child is final: it has ended, or its outcome will never be known. */
export function isOver({ state, isForgotten = false }: ChildProgress): boolean {
  return isJobFinal(state) || isForgotten;
}

/** Returns the indexes of a sequence's children that must not start, because an earlier one did not succeed. */
export function childrenToStop(order: Order, children: readonly ChildProgress[]): readonly number[] {
  if (order === 'parallel') return [];
  const failed = children.findIndex((child) => isOver(child) && child.state !== 'succeeded');
  if (failed < 0) return [];
  return children.flatMap(({ isSent, state }, index) =>
    index > failed && !isSent && !isJobFinal(state) ? [index] : [],
  );
}

/**
 * Returns the state of a parent: `running` until all its children have ended, `unknown` if the outcome of one may never
 * be known.
 */
export function parentState(children: readonly ChildProgress[]): JobState {
  const states = new Set(children.map(({ state }) => state));
  if (states.size === 1 && states.has('queued')) return 'queued';
  if (states.has('running')) return 'running';
  if (states.has('unknown')) return 'unknown';
  if (states.has('queued')) return 'running';
  if (states.has('failed')) return 'failed';
  return states.has('cancelled') ? 'cancelled' : 'succeeded';
}

/** Derives the parent's row from its children. @param at The current time, in the format of rows. */
export function parentOf(job: Readonly<Job>, children: readonly ChildProgress[], at: string): Job {
  const state = parentState(children);
  const isFinal = isJobFinal(state);
  const counts = countsOf(children);
  const error = children.find((child) => child.state === 'failed' && child.error !== null);
  return {
    ...job,
    state,
    startedAt: job.startedAt ?? (state === 'queued' ? null : at),
    finishedAt: isFinal ? at : null,
    percent: state === 'queued' ? null : percentOf(children),
    children: counts,
    error: state === 'failed' && error !== undefined ? failureOf(counts, error) : null,
  };
}

function countsOf(children: readonly ChildProgress[]): JobChildren {
  const count = (wanted: JobState): number => children.filter(({ state }) => state === wanted).length;
  return {
    total: children.length,
    succeeded: count('succeeded'),
    failed: count('failed'),
    cancelled: count('cancelled'),
  };
}

function percentOf(children: readonly ChildProgress[]): number {
  const done = children.map(({ state, percent }) => (isJobFinal(state) ? 100 : (percent ?? 0)));
  return Math.floor(done.reduce((sum, percent) => sum + percent, 0) / children.length);
}

function failureOf({ total, failed }: JobChildren, { name, error }: ChildProgress): ErrorInfo {
  const { code, message, remedy } = error ?? { code: 'internal', message: '', remedy: null };
  return { code, message: `${failed} of ${total} failed. ${name}: ${message}`.slice(0, 4096), remedy };
}
