import {
  activityBlock,
  commandRow,
  vmActivities,
  type CommandName,
  type CommandSubject,
  type ErrorCode,
} from '@aether-v/types';
import { applyDecorators, HttpCode, UseInterceptors } from '@nestjs/common';
import { ApiHeader, ApiOperation } from '@nestjs/swagger';
import { RequirePermission } from '../auth/access.decorators.ts';
import { AcceptsJob, Problems, TakesBody } from '../http/answers.ts';
import { idempotencyDescription } from '../jobs/idempotency.ts';
import type { ComponentName } from '../openapi/components.ts';
import { JobAnswerInterceptor } from './job-answer.interceptor.ts';

/** What the table of commands does not tell of a route. */
export interface CommandRoute {
  /** The component of its body; the empty one unless given. */
  readonly body?: ComponentName;
  /** Sentences for the OpenAPI document, after those that the table gives. */
  readonly description?: string;
  /** Problems that not every command can answer. */
  readonly problems?: readonly ErrorCode[];
}

/** The route carries out a command of the table: its handler makes a job, which the route answers with 202. */
export function Command(
  name: CommandName,
  { body = 'EmptyRequest', description = '', problems = [] }: CommandRoute = {},
): MethodDecorator {
  const { label, permission, subject } = commandRow(name);
  return applyDecorators(
    HttpCode(202),
    RequirePermission(permission, { command: name }),
    ApiOperation({
      summary: `${label}${subjectWords[subject]}`,
      description: `${conditionsOf(name)} ${description}`.trim(),
    }),
    ApiHeader(idempotencyDescription),
    TakesBody(body),
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
  'host-unavailable',
] as const satisfies readonly ErrorCode[];

/** Returns a sentence about the states and activities in which the command is possible; empty if it is not about a VM. */
function conditionsOf(name: CommandName): string {
  const { subject, allowedStates } = commandRow(name);
  if (subject !== 'vm') return '';
  const blocking = vmActivities.filter((kind) => activityBlock(name, { activity: { kind } }) !== null);
  const states = allowedStates === undefined ? 'in every state' : `in the states ${allowedStates.join(', ')}`;
  const activities =
    blocking.length === vmActivities.length
      ? 'while the VM has no activity'
      : `not during the activities ${blocking.join(', ')}`;
  return `Possible ${states}, and ${activities}.`;
}
