import type { ErrorCode, ErrorInfo } from '@aether-v/types';
import { EngineError } from '../engine/index.ts';

/** Ends an operation with an `error` line. */
export class OperationFailure extends Error {
  override readonly name = 'OperationFailure';
  readonly info: ErrorInfo;

  constructor(code: ErrorCode, message: string, remedy: string | null = null) {
    super(message);
    this.info = { code, message, remedy };
  }
}

/** Errors that say nothing about the operation: without access, or without Hyper-V, nothing can be checked. */
const uncheckable: readonly ErrorCode[] = ['access-denied', 'hyperv-missing', 'hyperv-unavailable'];

/** Returns the refusal that was thrown; throws everything else again. */
export function refusalOf(error: unknown): ErrorInfo {
  if (error instanceof OperationFailure && !uncheckable.includes(error.info.code)) return error.info;
  throw error;
}

/** Converts any exception to the error info of an `error` line. */
export function errorInfoOf(error: unknown): ErrorInfo {
  if (error instanceof OperationFailure) return error.info;
  if (error instanceof EngineError) return { code: error.code, message: error.message, remedy: error.remedy };
  return { code: 'internal', message: error instanceof Error ? error.message : String(error), remedy: null };
}
