import { errorCodes, type ErrorCode } from '@aether-v/types';

/** The service refused or failed a request; `code` selects the text. */
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

/** Converts a failed response to an error: a problem document of the service, or a gateway's response. */
export function toProblem(status: number, body: unknown): ApiProblem | ServiceUnreachable {
  const code = field(body, 'code');
  const detail = field(body, 'detail');
  if (isErrorCode(code)) {
    return new ApiProblem(code, status, typeof detail === 'string' ? detail : errorCodes[code].title);
  }
  if (status === 502 || status === 503 || status === 504) return new ServiceUnreachable({ status });
  return new ApiProblem(status === 404 ? 'not-found' : 'internal', status, `HTTP ${status}`);
}
