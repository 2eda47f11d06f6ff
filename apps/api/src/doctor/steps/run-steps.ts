import type { Clock } from '../../common/clock.ts';
import { HostOperationError } from '../../host-adapter/errors/host-operation-error.ts';
import { orAborted } from '../../host-adapter/limits/or-aborted.ts';
import type { Finding, Step, StepResult } from './step.ts';

/** Dependencies of a run. */
export interface RunStepsOptions {
  readonly clock: Clock;
  /** Aborts the run at once, with its reason. */
  readonly signal: AbortSignal;
  /** Receives each result as soon as its step has ended. */
  readonly onResult: (result: StepResult) => void;
}

/** Abort reason of a step that exceeded its time limit. */
const tooLong = new Error('The step did not end in time');

/**
 * Runs steps in sequence, and stops after a failure that would make the remaining steps fail for the same reason.
 * Rejects with the signal's reason, or with an error that no step expects.
 */
export async function runSteps<C>(
  steps: readonly Step<C>[],
  context: C,
  { clock, signal, onResult }: RunStepsOptions,
): Promise<readonly StepResult[]> {
  const results: StepResult[] = [];
  for (const step of steps) {
    signal.throwIfAborted();
    const began = clock.now();
    const finding = await runStep(step, context, clock, signal);
    const { id, title } = step;
    const result = { id, title, milliseconds: clock.now() - began, ...finding };
    results.push(result);
    onResult(result);
    if (finding.verdict === 'failed' && step.isOver(context, finding)) break;
  }
  return results;
}

async function runStep<C>(step: Step<C>, context: C, clock: Clock, signal: AbortSignal): Promise<Finding> {
  const limit = new AbortController();
  const cancel = clock.schedule(step.limit, () => limit.abort(tooLong));
  const both = AbortSignal.any([limit.signal, signal]);
  try {
    // A step that ignores its signal must not delay the others.
    return await orAborted(step.run(context, both), both);
  } catch (error) {
    signal.throwIfAborted();
    if (limit.signal.aborted) return step.onLimit;
    if (!(error instanceof HostOperationError)) throw error;
    const { message, problem, remedy } = error;
    return { verdict: 'failed', text: message, problem, remedy };
  } finally {
    cancel();
  }
}
