import type { ErrorCode } from '@aether-v/types';

/** Why Hyper-V refused or failed: the code that the contract reports, and in words what happened and what helps. */
export class EngineError extends Error {
  override readonly name = 'EngineError';
  readonly code: ErrorCode;
  readonly remedy: string | null;

  constructor(code: ErrorCode, message: string, remedy: string | null = null) {
    super(message);
    this.code = code;
    this.remedy = remedy;
  }
}
