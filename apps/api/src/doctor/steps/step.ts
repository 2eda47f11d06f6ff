import { connectionProblems, type ConnectionProblem } from '../../host-adapter/errors/connection-problems.ts';

/** The outcome of a step: passed, failed (the host cannot be used), or inconclusive. */
export type Verdict = 'passed' | 'failed' | 'unknown';

/** The finding of a step. */
export interface Finding {
  readonly verdict: Verdict;
  readonly text: string;
  /** The known problem, if it is one. */
  readonly problem: ConnectionProblem | null;
  /** Instructions for the operator; null if nothing has to be done. */
  readonly remedy: string | null;
}

/** One check of a host. */
export interface Step<C> {
  readonly id: string;
  readonly title: string;
  /** Time limit in milliseconds. */
  readonly limit: number;
  /** The finding if the step exceeds its time limit. */
  readonly onLimit: Finding;
  /** True if a failure of this step makes the remaining steps meaningless. */
  isOver(context: C, finding: Finding): boolean;
  run(context: C, signal: AbortSignal): Promise<Finding>;
}

/** The result of a step. */
export interface StepResult extends Finding {
  readonly id: string;
  readonly title: string;
  readonly milliseconds: number;
}

/** Returns a passed finding. */
export function passed(text: string): Finding {
  return { verdict: 'passed', text, problem: null, remedy: null };
}

/** Returns an inconclusive finding, which is not a failure. */
export function unknown(text: string): Finding {
  return { verdict: 'unknown', text, problem: null, remedy: null };
}

/** Returns the finding for a known problem, with the table's text; `detail` adds what is specific to this case. */
export function failedBy(problem: ConnectionProblem, detail = ''): Finding {
  const { says, remedy } = connectionProblems[problem];
  return { verdict: 'failed', text: detail === '' ? says : `${says} ${detail}`, problem, remedy };
}

/** Returns the finding for a defect of a reachable host. */
export function failed(text: string, remedy: string): Finding {
  return { verdict: 'failed', text, problem: null, remedy };
}
