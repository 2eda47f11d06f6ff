import { maxErrorMessageLength, maxTextLength, type ErrorCode, type ErrorInfo } from '@aether-v/types';
import { connectionProblems, type ConnectionProblem } from './connection-problems.ts';

/** What is known of an operation that went wrong, beside its code and words. */
export interface HostOperationErrorOptions {
  readonly remedy?: string | null;
  /**
   * Whether the host may have begun. False only where nothing was sent: such an operation certainly had no effect.
   * True without `reported` means that the outcome is unknown until the host's journal is asked.
   */
  readonly began: boolean;
  /** Whether the host itself ended the operation with this error. */
  readonly reported?: boolean;
  /** With `breaker-open`: when asking again makes sense, in seconds. */
  readonly retryAfterSeconds?: number;
  /** Which of the known ways in which a host cannot be used this is. */
  readonly problem?: ConnectionProblem | null;
  readonly cause?: unknown;
}

/** Why an operation on a host has no result: what the host said, or what kept us from hearing it. */
export class HostOperationError extends Error {
  override readonly name = 'HostOperationError';
  readonly code: ErrorCode;
  readonly remedy: string | null;
  readonly began: boolean;
  readonly reported: boolean;
  readonly retryAfterSeconds: number | null;
  readonly problem: ConnectionProblem | null;

  constructor(code: ErrorCode, message: string, options: HostOperationErrorOptions) {
    // Hosts have a say in these words, and the rows that carry them have limits.
    super(message.slice(0, maxErrorMessageLength), { cause: options.cause });
    this.code = code;
    this.remedy = options.remedy?.slice(0, maxTextLength) ?? null;
    this.began = options.began;
    this.reported = options.reported ?? false;
    this.retryAfterSeconds = options.retryAfterSeconds ?? null;
    this.problem = options.problem ?? null;
  }

  /** The error of a known problem, in its words; `detail` says what is special about this time. */
  static of(
    problem: ConnectionProblem,
    {
      detail = '',
      ...options
    }: { readonly began: boolean; readonly detail?: string; readonly cause?: unknown },
  ): HostOperationError {
    const { code, says, remedy } = connectionProblems[problem];
    const message = detail === '' ? says : `${says} ${detail}`;
    return new HostOperationError(code, message, { ...options, problem, remedy });
  }

  /** The same error where it was met before anything was sent. */
  notBegun(): HostOperationError {
    if (!this.began) return this;
    const { code, message, remedy, problem, cause } = this;
    return new HostOperationError(code, message, { remedy, problem, began: false, cause });
  }

  /** As jobs, rows and problem documents carry it. */
  get info(): ErrorInfo {
    return { code: this.code, message: this.message, remedy: this.remedy };
  }
}
