import { errorCodes, type ErrorCode, type ErrorInfo, type Problem } from '@aether-v/types';

/** The parts of a problem document that forms show at their fields. */
interface ProblemParts {
  /** The invalid fields of a 422. */
  readonly fields: NonNullable<Problem['errors']>;
  /** All reasons why a command is refused. */
  readonly refusals: readonly ErrorInfo[];
}

/** The service refused or failed a request; `code` selects the text. */
export class ApiProblem extends Error implements ProblemParts {
  readonly code: ErrorCode;
  readonly status: number;
  readonly fields: ProblemParts['fields'];
  readonly refusals: ProblemParts['refusals'];

  constructor(code: ErrorCode, status: number, detail: string, parts: Partial<ProblemParts> = {}) {
    super(detail);
    this.name = 'ApiProblem';
    this.code = code;
    this.status = status;
    this.fields = parts.fields ?? [];
    this.refusals = parts.refusals ?? [];
  }
}

/** The service did not respond, or a proxy in front of it answered. */
export class ServiceUnreachable extends Error {
  constructor(cause: unknown) {
    super('The service is not responding.', { cause });
    this.name = 'ServiceUnreachable';
  }
}

/** The service did not answer a command in time, and the request was withdrawn, so that it is not sent later. */
export class CommandWithdrawn extends ServiceUnreachable {
  constructor(cause: unknown) {
    super(cause);
    this.name = 'CommandWithdrawn';
  }
}

function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && Object.hasOwn(errorCodes, value);
}

function field(body: unknown, name: string): unknown {
  return typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined;
}

function list<T>(body: unknown, name: string): T[] {
  const value = field(body, name);
  return Array.isArray(value) ? (value as T[]) : [];
}

/** Converts a failed response to an error: a problem document of the service, or a gateway's response. */
export function toProblem(status: number, body: unknown): ApiProblem | ServiceUnreachable {
  const code = field(body, 'code');
  const detail = field(body, 'detail');
  if (isErrorCode(code)) {
    return new ApiProblem(code, status, typeof detail === 'string' ? detail : errorCodes[code].title, {
      fields: list(body, 'errors'),
      refusals: list(body, 'refusals'),
    });
  }
  if (status === 502 || status === 503 || status === 504) return new ServiceUnreachable({ status });
  return new ApiProblem(status === 404 ? 'not-found' : 'internal', status, `HTTP ${status}`);
}
