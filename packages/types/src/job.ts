import { Type, type Static } from 'typebox';
import { nullable, oneOf } from './enum.ts';
import { ErrorInfo } from './errors.ts';
import { cancelOutcomes, jobSources, jobStates } from './job-states.ts';
import { Deleted } from './operation-schema.ts';
import { HostId, OperationId, Percent, Text, Timestamp, VmId } from './scalars.ts';
import { Remaining } from './vm-operations.ts';

/** One line of a job's log. */
export const JobLogLine = Type.Object({
  at: Timestamp,
  level: oneOf(['info', 'warning', 'error']),
  message: Text,
});

/** The number of last log lines in a job's row; `GET /jobs/{jobId}/log` returns all that are kept. */
export const maxJobLogLines = 20;

/** The files and folders that a deletion removed, and those that it left. */
export const Deletion = Type.Object({ deleted: Deleted, remaining: Remaining });

/** One job: an operation on a host from the user's perspective. Its ID is the operation's ID on the host. */
export const Job = Type.Object({
  id: OperationId,
  op: Text,
  title: Text,
  state: oneOf(jobStates),
  hostId: nullable(HostId),
  vmId: nullable(VmId),
  vmName: nullable(Text),
  actor: { ...Text, description: 'The caller; with `source` `host`, as reported by the host.' },
  source: oneOf(jobSources),
  createdAt: Timestamp,
  startedAt: nullable(Timestamp),
  finishedAt: nullable(Timestamp),
  percent: nullable(Percent),
  message: nullable(Text),
  cancelRequested: Type.Boolean(),
  cancellable: Type.Boolean({
    description:
      'Whether a request to cancel can have an effect; false once the operation can no longer be undone.',
  }),
  cancelOutcome: {
    ...nullable(oneOf(cancelOutcomes)),
    description: 'The outcome of the request to cancel; null without one, or until it is known.',
  },
  error: nullable(ErrorInfo),
  deletion: nullable(Deletion),
  log: Type.Array(JobLogLine, { maxItems: maxJobLogLines }),
});

/** One job. */
export type Job = Static<typeof Job>;
/** The files and folders that a deletion removed, and those that it left. */
export type Deletion = Static<typeof Deletion>;
/** One line of a job's log. */
export type JobLogLine = Static<typeof JobLogLine>;
