import type { ErrorCode, Problem, VmActivityKind } from '@aether-v/types';

/** An invalid field and the reason. */
export type FieldError = NonNullable<Problem['errors']>[number];

/** Fields of some problems in addition to code and detail. */
export interface ProblemExtras {
  readonly errors?: readonly FieldError[];
  readonly state?: string;
  readonly activity?: VmActivityKind;
  readonly retryAfterSeconds?: number;
  /** With `method-not-allowed`: the header that lists the methods of the address. */
  readonly allow?: string;
  /** With `ambiguous-name`: the VMs with this name. */
  readonly candidates?: Problem['candidates'];
  /** All reasons why a command is refused, if there are several. */
  readonly refusals?: Problem['refusals'];
  /** With a bulk request: the refused VMs, with the reasons. */
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

/** The maximum number of invalid fields that a problem lists, and the lengths of their names and messages. */
const maxFieldErrors = 32;
const maxFieldLength = 128;
const maxMessageLength = 512;

/** Returns a problem that lists the invalid fields, however many and long ones a request contains. */
export function validationFailed(errors: readonly FieldError[]): ProblemError {
  const listed = errors.slice(0, maxFieldErrors).map(({ field, message }) => ({
    field: shortened(field, maxFieldLength),
    message: shortened(message, maxMessageLength),
  }));
  const fields = [...new Set(listed.map(({ field }) => field))].join(', ');
  const more = errors.length - listed.length;
  return new ProblemError('validation-failed', `Invalid: ${fields}${more > 0 ? ` and ${more} more` : ''}.`, {
    errors: listed,
  });
}

function shortened(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
