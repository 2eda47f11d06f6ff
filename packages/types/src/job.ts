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

/** How many of the last lines of its log the row of a job carries; `GET /jobs/{jobId}/log` has the others. */
export const maxJobLogLines = 20;

/** What a deletion took away and what it left. */
export const Deletion = Type.Object({ deleted: Deleted, remaining: Remaining });

/** One job: an operation on a host as its user sees it. Its id is the operation's id on the host. */
export const Job = Type.Object({
  id: OperationId,
  op: Text,
  title: Text,
  state: oneOf(jobStates),
  hostId: nullable(HostId),
  vmId: nullable(VmId),
  vmName: nullable(Text),
  actor: { ...Text, description: 'Who asked for it; with `source` `host`, as the host tells it.' },
  source: oneOf(jobSources),
  createdAt: Timestamp,
  startedAt: nullable(Timestamp),
  finishedAt: nullable(Timestamp),
  percent: nullable(Percent),
  message: nullable(Text),
  cancelRequested: Type.Boolean(),
  cancellable: Type.Boolean({
    description:
      'Whether asking to cancel can have an effect; false once the operation cannot be taken back.',
  }),
  cancelOutcome: {
    ...nullable(oneOf(cancelOutcomes)),
    description: 'What became of the request to cancel; null without one, or while it is not known.',
  },
  error: nullable(ErrorInfo),
  deletion: nullable(Deletion),
  log: Type.Array(JobLogLine, { maxItems: maxJobLogLines }),
});

/** One job. */
export type Job = Static<typeof Job>;
/** What a deletion took away and what it left. */
export type Deletion = Static<typeof Deletion>;
/** One line of a job's log. */
export type JobLogLine = Static<typeof JobLogLine>;
