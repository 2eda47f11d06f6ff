/** One audit entry: a requested change, or the end of the resulting job. */
export interface AuditEntry {
  /** Time in UTC (RFC 3339). */
  readonly at: string;
  /** The name of the principal, as shown in jobs. */
  readonly actor: string;
  /** A command (`vm.start`), another route (`POST /api/v1/jobs/:jobId/cancel`) or, at a job's end, its operation. */
  readonly action: string;
  /** The object of the action, by parameter name. */
  readonly target: Readonly<Record<string, string>>;
  readonly outcome: 'accepted' | 'refused' | 'succeeded' | 'failed' | 'cancelled' | 'unknown';
  /** The status of the response, or the error code that ended the job. */
  readonly detail: string | null;
}

/** Records every mutation. An abstract class, so that it serves as its own injection token. */
export abstract class AuditLog {
  /** Stores an entry; must not throw. */
  abstract record(entry: AuditEntry): void;
}
