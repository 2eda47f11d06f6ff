import type { ConnectionProblem } from './connection-problems.ts';

/** Connection problems by error code of Node, undici and the system. */
const problems: Readonly<Record<string, ConnectionProblem>> = {
  ENOTFOUND: 'name-unknown',
  EAI_AGAIN: 'name-unknown',
  EAI_NODATA: 'name-unknown',
  ECONNREFUSED: 'refused',
  ETIMEDOUT: 'no-answer',
  UND_ERR_CONNECT_TIMEOUT: 'no-answer',
  ECONNRESET: 'connection-lost',
  EPIPE: 'connection-lost',
};

/** Classifies a connection failure by its system error code. */
export function networkProblem(cause: unknown): ConnectionProblem {
  return problems[systemCode(cause)] ?? 'no-route';
}

/** Returns the system error code; with several addresses, that of the first attempt. */
export function systemCode(cause: unknown): string {
  if (cause instanceof AggregateError && cause.errors.length > 0) return systemCode(cause.errors[0]);
  if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string') return cause.code;
  return '';
}
