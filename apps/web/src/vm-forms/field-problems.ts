import type { ErrorInfo } from '@aether-v/types';
import { ApiProblem } from '../fleet/problem.ts';
import type { PlanState } from './planner.ts';

/** Returns the field that a refusal is about; null if it is about none. */
export type FieldOf = (refusal: ErrorInfo) => string | null;

/** The problems of a form: by field, and those that concern none. */
export interface FormProblems {
  /** The message at each field; that of `disks[0]` also contains those of `disks[0].sizeBytes`. */
  readonly fields: ReadonlyMap<string, string>;
  readonly others: readonly ErrorInfo[];
}

function add(fields: Map<string, string>, field: string, message: string): void {
  const known = fields.get(field);
  if (known === message) return;
  fields.set(field, known === undefined ? message : `${known} ${message}`);
}

/** Returns all problems of a form, sorted by its fields. */
export function formProblems(
  { plan, error }: Pick<PlanState, 'plan' | 'error'>,
  fieldOf: FieldOf = () => null,
): FormProblems {
  const fields = new Map<string, string>();
  const others: ErrorInfo[] = [];
  const problem = error instanceof ApiProblem ? error : null;
  for (const refusal of [...(plan?.refusals ?? []), ...(problem?.refusals ?? [])]) {
    const field = fieldOf(refusal);
    if (field === null) others.push(refusal);
    else add(fields, field, refusal.message);
  }
  for (const { field, message } of problem?.fields ?? []) add(fields, field, message);
  return { fields, others };
}
