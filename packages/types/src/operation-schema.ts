import { Type, type TSchema } from 'typebox';
import type { ErrorCode } from './error-codes.ts';
import { Guid, Text } from './scalars.ts';

/** What an operation asks for, streams and ends with. */
export interface OperationSchema {
  readonly request: TSchema;
  readonly item: TSchema;
  readonly result: TSchema;
  /** Whether it changes something: such operations are journalled and run at most once. */
  readonly mutates: boolean;
  /**
   * Whether it can be cancelled once it runs, up to its point of no return. Otherwise only while it is queued: Hyper-V does not end
   * its job, or a guest that was asked goes down all the same.
   */
  readonly cancelsRunning: boolean;
  /**
   * How it may be refused or fail by its own nature. Beside these any operation can end in what the agent says of every operation
   * (`commonErrors`).
   */
  readonly errors: readonly ErrorCode[];
}

/** How any operation can end: a request that is not valid, a host that fails, a caller who goes away. */
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

/** Requests refuse fields that they do not know. */
export const strict = { additionalProperties: false };

/** A request that asks for nothing in particular. */
export const Empty = Type.Object({}, strict);

/** The item of an operation that streams none. */
export const NoItem = Type.Never();

/** The VM that an operation is about, by its GUID on its host. */
export const VmTarget = Type.Object({ vmId: Guid }, strict);

/** Which VM it was about, and nothing else to say. */
export const VmDone = Type.Object({ vmId: Guid });

/** What a deletion took away: paths of files and folders, names of roles. */
export const Deleted = Type.Array(Text, { maxItems: 1024 });
