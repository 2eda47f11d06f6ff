import { errorCodes, type ErrorCode } from '@aether-v/types';

/** The service answered that it will not or cannot; `code` chooses the words. */
export class ApiProblem extends Error {
  readonly code: ErrorCode;
  readonly status: number;

  constructor(code: ErrorCode, status: number, detail: string) {
    super(detail);
    this.name = 'ApiProblem';
    this.code = code;
    this.status = status;
  }
}

/** The service did not answer at all, or something in front of it did. */
export class ServiceAway extends Error {
  constructor(cause: unknown) {
    super('The service does not answer.', { cause });
    this.name = 'ServiceAway';
  }
}

function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && Object.hasOwn(errorCodes, value);
}

function field(body: unknown, name: string): unknown {
  return typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined;
}

/** Turns a refused answer into an error: a problem document of the service, or a gateway that speaks for it. */
export function toProblem(status: number, body: unknown): ApiProblem | ServiceAway {
  const code = field(body, 'code');
  const detail = field(body, 'detail');
  if (isErrorCode(code)) {
    return new ApiProblem(code, status, typeof detail === 'string' ? detail : errorCodes[code].title);
  }
  if (status === 502 || status === 503 || status === 504) return new ServiceAway({ status });
  return new ApiProblem(status === 404 ? 'not-found' : 'internal', status, `HTTP ${status}`);
}
