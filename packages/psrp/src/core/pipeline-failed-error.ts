import type { ErrorRecord } from './error-record.ts';
import { PsrpError } from './errors.ts';

/** Code `pipeline-failed`: the terminating error as the host reported it. */
export class PipelineFailedError extends PsrpError {
  override readonly name = 'PipelineFailedError';
  readonly errorRecord: ErrorRecord | undefined;
  /** The error records written before it, in their order. */
  readonly errors: readonly ErrorRecord[];

  constructor(errorRecord: ErrorRecord | undefined, errors: readonly ErrorRecord[] = []) {
    super('pipeline-failed', errorRecord?.message ?? 'The pipeline failed and did not say why');
    this.errorRecord = errorRecord;
    this.errors = errors;
  }
}
