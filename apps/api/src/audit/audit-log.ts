import type { AuditHead, AuditStatus, CommandSubject } from '@aether-v/types';
import type { AuditOptions } from './audit-options.ts';

/** The object of an action. */
export interface AuditObject {
  readonly kind: CommandSubject | 'job';
  readonly id: string | null;
  readonly name: string | null;
}

/** One audit entry: a requested change, the response to it, or the end of the resulting job. */
export interface AuditEntry {
  /** A command (`vm.start`), another route (`POST /api/v1/jobs/:jobId/cancel`) or, at a job's end, its operation. */
  readonly action: string;
  readonly status: AuditStatus;
  /** The status of the response, or the error code that ended the job. */
  readonly details: string | null;
  /** The principal. At a job's end its id is null: the row of a job has only the name. */
  readonly actor: { readonly id: string | null; readonly name: string };
  readonly clientIp: string | null;
  readonly method: string | null;
  readonly object: AuditObject;
  readonly job: string | null;
  /** The host that ran the job. */
  readonly host: string | null;
  /** The id of the request, which its two records share. */
  readonly request: string | null;
  /** The options of the command, in the record of its attempt. */
  readonly options?: AuditOptions;
  /** True if the job was accepted before the service started, so that an earlier start may have recorded the same. */
  readonly restored?: boolean;
  /** The hash of the request's signature: it shows that the signature was used, but not what it is. */
  readonly signature?: string;
}

/** Records every mutation. An abstract class, so that it serves as its own injection token. */
export abstract class AuditLog {
  /** Records the start of the service, if this has not happened yet. */
  abstract start(): void;
  /**
   * Stores the entry of a change that must not begin unless it is recorded.
   *
   * @throws ProblemError `audit-unavailable` if a required sink does not accept it.
   */
  abstract attempt(entry: AuditEntry): Promise<void>;
  /** Stores an entry of what has happened; must not throw. */
  abstract record(entry: AuditEntry): void;
  /** Returns the newest record and checkpoint, and the state of the sinks. */
  abstract head(): AuditHead;
}
