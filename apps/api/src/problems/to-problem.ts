import { errorCodes, type ErrorCode, type Problem } from '@aether-v/types';
import { HttpException } from '@nestjs/common';
import { HostOperationError } from '../host-adapter/errors/host-operation-error.ts';
import { ProblemError, type ProblemExtras } from './problem-error.ts';

/** A problem document and its headers. */
export interface MappedProblem {
  readonly problem: Problem;
  readonly headers: Readonly<Record<string, string>>;
  /** True if the error is a defect of the service and must be logged with its stack. */
  readonly unexpected: boolean;
}

/**
 * Retry-After of a 503 without a better estimate, in seconds: enough for a restarting service to return and for a
 * recovered host to be found.
 */
const usualRetryAfter = 5;

/** Error codes of frameworks' own refusals, by HTTP status. */
const codeOfStatus: Readonly<Record<number, ErrorCode>> = {
  400: 'bad-request',
  403: 'forbidden',
  404: 'not-found',
  405: 'method-not-allowed',
  413: 'payload-too-large',
  414: 'bad-request',
  415: 'unsupported-media-type',
  429: 'too-many-requests',
  431: 'bad-request',
};

/**
 * Maps an error to the problem its caller sees. Unexpected errors are not disclosed beyond the fact that they happened.
 */
export function toProblem(error: unknown, instance: string): MappedProblem {
  if (error instanceof ProblemError) return make(error.code, error.message, instance, error.extras);
  if (error instanceof HostOperationError) {
    const detail = error.remedy === null ? error.message : `${error.message} ${error.remedy}`;
    const seconds = error.retryAfterSeconds;
    return make(error.code, detail, instance, seconds === null ? {} : { retryAfterSeconds: seconds });
  }
  const status = statusOf(error);
  const code = status === undefined ? undefined : codeOfStatus[status];
  if (code !== undefined && error instanceof Error) return make(code, error.message, instance, {});
  const unknown = make(
    'internal',
    'The service failed unexpectedly. Look up this instance in the service log for details.',
    instance,
    {},
  );
  return { ...unknown, unexpected: true };
}

function statusOf(error: unknown): number | undefined {
  if (error instanceof HttpException) return error.getStatus();
  if (!(error instanceof Error) || !('statusCode' in error)) return undefined;
  return typeof error.statusCode === 'number' ? error.statusCode : undefined;
}

function make(code: ErrorCode, detail: string, instance: string, extras: ProblemExtras): MappedProblem {
  const { http, title } = errorCodes[code];
  const { errors, state, activity, candidates, refusals, refused } = extras;
  return {
    problem: {
      type: `urn:aether-v:problem:${code}`,
      title,
      status: http,
      detail,
      instance,
      code,
      ...(errors === undefined ? {} : { errors: [...errors] }),
      ...(state === undefined ? {} : { state }),
      ...(activity === undefined ? {} : { activity }),
      ...(candidates === undefined ? {} : { candidates }),
      ...(refusals === undefined ? {} : { refusals }),
      ...(refused === undefined ? {} : { refused }),
    },
    headers: headersOf(http, extras),
    unexpected: false,
  };
}

function headersOf(status: number, { retryAfterSeconds, allow }: ProblemExtras): Record<string, string> {
  const seconds = retryAfterSeconds ?? (status === 503 ? usualRetryAfter : undefined);
  return {
    'content-type': 'application/problem+json',
    ...(seconds === undefined ? {} : { 'retry-after': String(Math.ceil(seconds)) }),
    ...(allow === undefined ? {} : { allow }),
  };
}
