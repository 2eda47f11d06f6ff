import {
  activityBlock,
  commandRow,
  CommandQuery,
  EmptyRequest,
  Plan,
  vmActivities,
  type CommandName,
  type CommandSubject,
  type ErrorCode,
} from '@aether-v/types';
import { applyDecorators, HttpCode, UseInterceptors } from '@nestjs/common';
import { ApiHeader, ApiOperation } from '@nestjs/swagger';
import type { TObject } from 'typebox';
import { RequirePermission } from '../auth/access.decorators.ts';
import { AcceptsJob, Answers, hostProblems, Problems, TakesBody, TakesQuery } from '../http/answers.ts';
import { idempotencyDescription } from '../jobs/idempotency.ts';
import { JobAnswerInterceptor } from './job-answer.interceptor.ts';

/** Properties of a command's route that are not in the table of commands. */
export interface CommandRoute {
  /** The schema of its body; empty by default, null for a method without a body. */
  readonly body?: TObject | null;
  /** The schema of its query; only `dryRun` by default. */
  readonly query?: TObject;
  /** The schema of its plan. */
  readonly plan?: TObject;
  /** Sentences for the OpenAPI document, appended to those from the table. */
  readonly description?: string;
  /** Problems in addition to those that every command can return. */
  readonly problems?: readonly ErrorCode[];
}

/** Declares the route of a command: its handler creates a job, which the route returns with 202. */
export function Command(
  name: CommandName,
  {
    body = EmptyRequest,
    query = CommandQuery,
    plan = Plan,
    description = '',
    problems = [],
  }: CommandRoute = {},
): MethodDecorator {
  const { title, permission, subject } = commandRow(name);
  return applyDecorators(
    HttpCode(202),
    RequirePermission(permission, { command: name, query, ...(body === null ? {} : { body }) }),
    ApiOperation({
      summary: `${title}${subjectWords[subject]}`,
      description: `${conditionsOf(name)} ${description}`.trim(),
    }),
    ApiHeader(idempotencyDescription),
    TakesQuery(query),
    ...(body === null ? [] : [TakesBody(body)]),
    Answers(plan, 'The plan of a dry run'),
    AcceptsJob(),
    UseInterceptors(JobAnswerInterceptor),
    Problems(...problems, ...commonProblems),
  );
}

const subjectWords: Readonly<Record<CommandSubject, string>> = {
  vm: ' a VM',
  host: ' a host',
  cluster: ' a cluster',
  none: '',
};

const commonProblems = [
  'not-found',
  'wrong-state',
  'disputed',
  'already-running',
  'validation-failed',
  'unsupported-media-type',
  'forbidden',
  'foreign-origin',
  'audit-unavailable',
  ...hostProblems,
] as const satisfies readonly ErrorCode[];

/**
 * Returns sentences about the states and activities in which the command is accepted; empty if its subject is not a VM.
 */
function conditionsOf(name: CommandName): string {
  const { subject, allowedStates } = commandRow(name);
  if (subject !== 'vm') return '';
  const blocking = vmActivities.filter((kind) => activityBlock(name, { activity: { kind } }) !== null);
  const states =
    allowedStates === undefined ? 'in every state' : `in these states: ${allowedStates.join(', ')}`;
  const activities =
    blocking.length === vmActivities.length
      ? 'during every activity'
      : `during these activities: ${blocking.join(', ')}`;
  return `Accepted ${states}. Refused ${activities}.`;
}
