import { clockProblemPart, type FactProblem } from '@aether-v/types';

/** Whether a problem of a host says that its clock is off: it is no value that could not be reported. */
export function isClockProblem({ part }: FactProblem): boolean {
  return part === clockProblemPart;
}
