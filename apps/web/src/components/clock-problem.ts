import { clockProblemPart, type FactProblem } from '@aether-v/types';

/** Returns whether a host's problem concerns its clock, as opposed to a value that could not be reported. */
export function isClockProblem({ part }: FactProblem): boolean {
  return part === clockProblemPart;
}
