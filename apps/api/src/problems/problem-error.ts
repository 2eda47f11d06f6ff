import type { ErrorCode, Problem, VmActivityKind } from '@aether-v/types';

/** A field that is not valid, and why. */
export type FieldError = NonNullable<Problem['errors']>[number];

/** What some problems say beyond their code and detail. */
export interface ProblemExtras {
  readonly errors?: readonly FieldError[];
  readonly state?: string;
  readonly activity?: VmActivityKind;
  readonly retryAfterSeconds?: number;
}

/** A refusal of ours: the caller gets it as an RFC 9457 problem with the status of its code. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly code: ErrorCode;
  readonly extras: ProblemExtras;

  constructor(code: ErrorCode, detail: string, extras: ProblemExtras = {}) {
    super(detail);
    this.code = code;
    this.extras = extras;
  }
}

/** A problem that names every field that is not valid. */
export function validationFailed(errors: readonly FieldError[]): ProblemError {
  const fields = [...new Set(errors.map((error) => error.field))].join(', ');
  return new ProblemError('validation-failed', `Not valid: ${fields}.`, { errors });
}
