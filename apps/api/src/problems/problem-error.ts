import type { ErrorCode, Problem, VmActivityKind } from '@aether-v/types';

/** An invalid field and the reason. */
export type FieldError = NonNullable<Problem['errors']>[number];

/** Fields of some problems in addition to code and detail. */
export interface ProblemExtras {
  readonly errors?: readonly FieldError[];
  readonly state?: string;
  readonly activity?: VmActivityKind;
  readonly retryAfterSeconds?: number;
  /** With `ambiguous-name`: the VMs with this name. */
  readonly candidates?: Problem['candidates'];
  /** Everything that stands in the way of a command, if it is more than one thing. */
  readonly refusals?: Problem['refusals'];
  /** Of a bulk request: the VMs, with what stands in their way. */
  readonly refused?: Problem['refused'];
}

/** An expected refusal, sent to the caller as an RFC 9457 problem with the status of its code. */
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

/** Returns a problem that lists every invalid field. */
export function validationFailed(errors: readonly FieldError[]): ProblemError {
  const fields = [...new Set(errors.map((error) => error.field))].join(', ');
  return new ProblemError('validation-failed', `Invalid: ${fields}.`, { errors });
}
