import type { ErrorCode, ErrorInfo } from '@aether-v/types';
import { HostOperationError } from './host-operation-error.ts';

/**
 * The codes that a host may report for an operation. All others concern API callers or the connection: a host that
 * could report `unauthenticated` would sign users out.
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

/** Returns the failure that a host reported for an operation. */
export function reportedError(error: ErrorInfo): HostOperationError {
  const code = reportable.has(error.code) ? error.code : 'agent-error';
  return new HostOperationError(code, error.message, { remedy: error.remedy, began: true, reported: true });
}
