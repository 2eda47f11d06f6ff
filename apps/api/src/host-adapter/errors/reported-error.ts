import type { ErrorCode, ErrorInfo } from '@aether-v/types';
import { HostOperationError } from './host-operation-error.ts';

/**
 * The codes that a host may report of an operation. All others speak of a caller of the API or of the connection: a host
 * that could say `unauthenticated` would sign people out.
 */
const reportable: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'not-found',
  'wrong-state',
  'already-running',
  'conflict',
  'in-use',
  'out-of-space',
  'fenced',
  'cancelled',
  'not-supported',
  'access-denied',
  'agent-error',
  'hyperv-missing',
  'hyperv-unavailable',
  'outcome-unknown',
  'host-timeout',
  'guest-timeout',
]);

/** The error that a host reported as the end of an operation. */
export function reportedError(error: ErrorInfo): HostOperationError {
  const code = reportable.has(error.code) ? error.code : 'agent-error';
  return new HostOperationError(code, error.message, { remedy: error.remedy, began: true, reported: true });
}
