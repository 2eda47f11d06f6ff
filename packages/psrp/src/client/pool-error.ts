import { PsrpError } from '../core/index.ts';

/** Why a pool broke: a PsrpError as it is, anything else as the cause of one. */
export function asPoolError(cause: unknown): PsrpError {
  if (cause instanceof PsrpError) return cause;
  const message = cause instanceof Error ? cause.message : String(cause);
  return new PsrpError('pool-broken', `The transport failed: ${message}`, { cause });
}
