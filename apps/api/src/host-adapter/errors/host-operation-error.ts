import { maxErrorMessageLength, maxTextLength, type ErrorCode, type ErrorInfo } from '@aether-v/types';
import { connectionProblems, type ConnectionProblem } from './connection-problems.ts';

/** Details of a failed operation in addition to code and message. */
export interface HostOperationErrorOptions {
  readonly remedy?: string | null;
  /**
   * True if the host may have begun, false only if nothing was sent: the operation certainly had no effect. True
   * without `reported` means that the outcome is unknown until the host's journal has been queried.
   */
  readonly began: boolean;
  /** True if the host itself ended the operation with this error. */
  readonly reported?: boolean;
  /** With `host-unavailable`: seconds until a retry makes sense. */
  readonly retryAfterSeconds?: number;
  /** The known connection problem, if it is one. */
  readonly problem?: ConnectionProblem | null;
  readonly cause?: unknown;
}

/** The reason why an operation on a host has no result: reported by the host, or a failure to receive it. */
export class HostOperationError extends Error {
  override readonly name = 'HostOperationError';
  readonly code: ErrorCode;
  readonly remedy: string | null;
  readonly began: boolean;
  readonly reported: boolean;
  readonly retryAfterSeconds: number | null;
  readonly problem: ConnectionProblem | null;

  constructor(code: ErrorCode, message: string, options: HostOperationErrorOptions) {
    // Hosts influence this text, and the rows that contain it have size limits.
    super(message.slice(0, maxErrorMessageLength), { cause: options.cause });
    this.code = code;
    this.remedy = options.remedy?.slice(0, maxTextLength) ?? null;
    this.began = options.began;
    this.reported = options.reported ?? false;
    this.retryAfterSeconds = options.retryAfterSeconds ?? null;
    this.problem = options.problem ?? null;
  }

  /** Returns the error of a known problem, with its text; `detail` adds what is specific to this case. */
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

  /** Returns the same error as one that occurred before anything was sent. */
  notBegun(): HostOperationError {
    if (!this.began) return this;
    const { code, message, remedy, problem, cause } = this;
    return new HostOperationError(code, message, { remedy, problem, began: false, cause });
  }

  /** The error as carried by jobs, rows and problem documents. */
  get info(): ErrorInfo {
    return { code: this.code, message: this.message, remedy: this.remedy };
  }
}
