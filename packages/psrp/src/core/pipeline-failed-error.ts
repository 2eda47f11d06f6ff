import type { ErrorRecord } from './error-record.ts';
import { PsrpError } from './errors.ts';

/** Error `pipeline-failed`: the terminating error of a pipeline, as reported by the host. */
export class PipelineFailedError extends PsrpError {
  override readonly name = 'PipelineFailedError';
  readonly errorRecord: ErrorRecord | undefined;
  /** Earlier error records of the pipeline, in order. */
  readonly errors: readonly ErrorRecord[];

  constructor(errorRecord: ErrorRecord | undefined, errors: readonly ErrorRecord[] = []) {
    super('pipeline-failed', errorRecord?.message ?? 'The pipeline failed without an error record');
    this.errorRecord = errorRecord;
    this.errors = errors;
  }
}
