import { Type, type Static } from 'typebox';
import { JobResult, type CommandResult } from './command-operations.ts';
import { subjectKinds } from './command-table.ts';
import type { CommandName } from './commands.ts';
import { nullable, oneOf } from './enum.ts';
import { ErrorInfo } from './errors.ts';
import { cancelOutcomes, jobSources, jobStates } from './job-states.ts';
import { HostId, OperationId, Percent, Text, Timestamp } from './scalars.ts';

/** The state of a job, as a schema. */
export const JobStateSchema = oneOf(jobStates, { $id: 'JobState' });

/** One line of a job's log. */
export const JobLogLine = Type.Object(
  {
    at: Timestamp,
    level: oneOf(['info', 'warning', 'error']),
    message: Text,
  },
  { $id: 'JobLogLine' },
);

/** The number of latest log lines in the row of a job; `GET /jobs/{jobId}/log` returns all lines that are kept. */
export const maxJobLogLines = 20;

/** The object that a job changes or tests. */
export const JobSubject = Type.Object(
  {
    kind: oneOf(subjectKinds),
    id: nullable({ ...Text, description: 'The id of the VM, host or cluster; null if unknown.' }),
    name: nullable(Text),
  },
  { $id: 'JobSubject' },
);

/** The position of a job among the children of its parent. */
export const JobStep = Type.Object(
  {
    number: Type.Integer({ minimum: 1 }),
    of: Type.Integer({ minimum: 1 }),
  },
  { $id: 'JobStep' },
);

/** The maximum number of children of a job. */
export const maxChildren = 200;

const childCount = Type.Integer({ minimum: 0, maximum: maxChildren });

/** The number of children of a job: in total, and in each final state. */
export const JobChildren = Type.Object(
  {
    total: childCount,
    succeeded: childCount,
    failed: childCount,
    cancelled: childCount,
  },
  { $id: 'JobChildren' },
);

/** A job: one execution of a command. The id of a job on a host is the id of its operation there. */
export const Job = Type.Object(
  {
    id: OperationId,
    command: {
      ...Text,
      description:
        'The command. For an operation in the journal of a host that belongs to no command, the operation.',
    },
    title: Text,
    state: JobStateSchema,
    subject: JobSubject,
    hostId: nullable({ ...HostId, description: 'The host that runs the job; null for a job with children.' }),
    parentId: nullable(OperationId),
    step: nullable(JobStep),
    children: nullable({ ...JobChildren, description: 'Null for a job without children.' }),
    retryOf: nullable({ ...OperationId, description: 'The job that this one retries.' }),
    retriedBy: nullable({ ...OperationId, description: 'The job that retries this one.' }),
    actor: { ...Text, description: 'The caller. If `source` is `host`, the name that the host reports.' },
    source: oneOf(jobSources),
    createdAt: Timestamp,
    startedAt: nullable(Timestamp),
    finishedAt: nullable(Timestamp),
    queuePosition: nullable(
      Type.Integer({
        minimum: 0,
        description:
          'The number of jobs that wait for the same host before this one: exact up to 10, approximate beyond. Null ' +
          'unless the job is waiting.',
      }),
    ),
    percent: nullable(Percent),
    message: nullable(Text),
    cancelRequested: Type.Boolean(),
    cancellable: Type.Boolean({
      description:
        'True while a cancel request can have an effect; false once the operation can no longer be undone.',
    }),
    cancelOutcome: {
      ...nullable(oneOf(cancelOutcomes)),
      description:
        'The outcome of the cancel request; null without a request, or until the outcome is known.',
    },
    error: nullable(ErrorInfo),
    acknowledgedBy: nullable({
      ...Text,
      description:
        'The user who acknowledged the failure or the unknown outcome. Lost when the service restarts.',
    }),
    acknowledgedAt: nullable(Timestamp),
    result: nullable({ ...JobResult, description: 'Null until the job has succeeded.' }),
    log: Type.Array(JobLogLine, { maxItems: maxJobLogLines }),
  },
  { $id: 'Job' },
);

/** A job. */
export type Job = Static<typeof Job>;

/** Returns the result of a job of this command; null if the job has no result or is of another command. */
export function resultOfJob<C extends CommandName>(
  { command, result }: Pick<Job, 'command' | 'result'>,
  wanted: C,
): CommandResult<C> | null {
  // The service keeps only results of the shape that the command's operation ends with.
  return command === wanted ? (result as CommandResult<C> | null) : null;
}
/** The object that a job changes or tests. */
export type JobSubject = Static<typeof JobSubject>;
/** The position of a job among the children of its parent. */
export type JobStep = Static<typeof JobStep>;
/** The number of children of a job: in total, and in each final state. */
export type JobChildren = Static<typeof JobChildren>;
/** One line of a job's log. */
export type JobLogLine = Static<typeof JobLogLine>;
