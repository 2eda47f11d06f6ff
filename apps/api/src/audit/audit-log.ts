/** What happened to a thing that somebody wanted changed. */
export interface AuditEntry {
  /** When, in UTC (RFC 3339). */
  readonly at: string;
  /** The name of the principal who asked, as jobs show it. */
  readonly actor: string;
  /** A command (`vm.start`), another route (`POST /api/v1/jobs/:jobId/cancel`) or, at a job's end, its operation. */
  readonly action: string;
  /** What it was about, by the names of its ids. */
  readonly target: Readonly<Record<string, string>>;
  readonly outcome: 'accepted' | 'refused' | 'succeeded' | 'failed' | 'cancelled' | 'unknown';
  /** The status of the answer, or the code of the error that ended the job. */
  readonly detail: string | null;
}

/** Where every mutation is recorded. An abstract class, so that it is its own injection token. */
export abstract class AuditLog {
  /** Keeps an entry; must not throw. */
  abstract record(entry: AuditEntry): void;
}
