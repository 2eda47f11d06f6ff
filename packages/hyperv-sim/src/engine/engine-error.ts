import type { ErrorCode } from '@aether-v/types';

/** An error of Hyper-V: the code of the contract, the message, and the remedy. */
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
