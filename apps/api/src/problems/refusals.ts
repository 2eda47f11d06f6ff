import type { ErrorInfo } from '@aether-v/types';
import { ProblemError } from './problem-error.ts';

/** Throws the first refusal, with all of them if there are several; does nothing if there are none. @throws ProblemError */
export function assertNoRefusals(refusals: readonly ProblemError[]): void {
  const [first, ...others] = refusals;
  if (first === undefined) return;
  if (others.length === 0) throw first;
  throw new ProblemError(first.code, first.message, { ...first.extras, refusals: refusals.map(refusalInfo) });
}

/** Converts a refusal to the form that plans and problems list. */
export function refusalInfo({ code, message }: ProblemError): ErrorInfo {
  return { code, message, remedy: null };
}
