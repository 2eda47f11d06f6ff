import { connectionProblems, type ConnectionProblem } from '../../host-adapter/errors/connection-problems.ts';

/** How a step ended: it passed, it found what keeps the host from being used, or it cannot be told here. */
export type Verdict = 'passed' | 'failed' | 'unknown';

/** What a step found. */
export interface Finding {
  readonly verdict: Verdict;
  readonly text: string;
  /** Which of the known problems it is, where it is one. */
  readonly problem: ConnectionProblem | null;
  /** What to do; null where nothing has to be done. */
  readonly remedy: string | null;
}

/** One look at a host. */
export interface Step<C> {
  readonly id: string;
  readonly title: string;
  /** Milliseconds that it may take. */
  readonly limit: number;
  /** What a step is that does not end in time. */
  readonly onLimit: Finding;
  /** Whether nothing after it makes sense, now that it failed. */
  isOver(context: C, finding: Finding): boolean;
  run(context: C, signal: AbortSignal): Promise<Finding>;
}

/** A step that has run. */
export interface StepResult extends Finding {
  readonly id: string;
  readonly title: string;
  readonly milliseconds: number;
}

/** A step that passed. */
export function passed(text: string): Finding {
  return { verdict: 'passed', text, problem: null, remedy: null };
}

/** Something that cannot be told here, which is no failure. */
export function unknown(text: string): Finding {
  return { verdict: 'unknown', text, problem: null, remedy: null };
}

/** A known problem, in the words of the table; `detail` says what is special about this time. */
export function failedBy(problem: ConnectionProblem, detail = ''): Finding {
  const { says, remedy } = connectionProblems[problem];
  return { verdict: 'failed', text: detail === '' ? says : `${says} ${detail}`, problem, remedy };
}

/** Something that is wrong with the host, though it can be reached. */
export function failed(text: string, remedy: string): Finding {
  return { verdict: 'failed', text, problem: null, remedy };
}
