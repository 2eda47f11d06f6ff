import type { ConnectionProblem } from './connection-problems.ts';

/** By the codes of Node, undici and the system. */
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

/** Why there is no connection, by what the system says of the attempt. */
export function networkProblem(cause: unknown): ConnectionProblem {
  return problems[systemCode(cause)] ?? 'no-route';
}

/** The system's code of an error; with several addresses the first attempt names the cause. */
export function systemCode(cause: unknown): string {
  if (cause instanceof AggregateError && cause.errors.length > 0) return systemCode(cause.errors[0]);
  if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string') return cause.code;
  return '';
}
