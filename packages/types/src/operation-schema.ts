import { Type, type TSchema } from 'typebox';
import type { ErrorCode } from './error-codes.ts';
import { Guid, Text } from './scalars.ts';

/** The schemas and properties of an operation. */
export interface OperationSchema {
  readonly request: TSchema;
  readonly item: TSchema;
  readonly result: TSchema;
  /** True if it changes something: such operations are recorded in the journal and run at most once. */
  readonly mutates: boolean;
  /** True if a host resumes it by its id after an interruption; if absent, the service only queries its outcome. */
  readonly resumable?: true;
  /**
   * True if it can be canceled while running, up to its point of no return. Otherwise only while it is queued: Hyper-V
   * does not end its job, or a guest that was asked to shut down does so regardless.
   */
  readonly cancelsRunning: boolean;
  /**
   * Error codes specific to the operation. In addition, any operation can fail with the agent's general errors
   * (`commonErrors`).
   */
  readonly errors: readonly ErrorCode[];
}

/** Error codes of all operations: an invalid request, a failing host, a caller that disconnects. */
export const commonErrors = [
  'bad-request',
  'not-supported',
  'access-denied',
  'agent-error',
  'hyperv-missing',
  'hyperv-unavailable',
  'already-running',
  'fenced',
  'cancelled',
  'host-timeout',
  'outcome-unknown',
  'internal',
] as const satisfies readonly ErrorCode[];

/** Rejects unknown fields in requests. */
export const strict = { additionalProperties: false };

/** A request without fields. */
export const Empty = Type.Object({}, strict);

/** The item schema of an operation that streams none. */
export const NoItem = Type.Never();

/** The target VM of an operation, by its GUID on the host. */
export const VmTarget = Type.Object({ vmId: Guid }, strict);

/** A result that only names its VM. */
export const VmDone = Type.Object({ vmId: Guid });

/** The removed objects of a deletion: paths of files and folders, names of roles. */
export const Deleted = Type.Array(Text, { maxItems: 1024 });
