/** Lines to be written together. */
export interface SinkBatch {
  readonly lines: readonly string[];
  /** True if the sink should start a new file after these lines. */
  readonly rotates: boolean;
}

/** A place that keeps audit records. */
export interface AuditSink {
  readonly name: 'file' | 'stdout';
  /** Stores lines durably, all or none as far as the sink can. @throws Error if they are not stored. */
  write(batch: SinkBatch): Promise<void>;
  /** Releases the sink's file. */
  close(): Promise<void>;
}

/** Returns a short reason of a failed write: its system code where there is one. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message.slice(0, 200);
}
