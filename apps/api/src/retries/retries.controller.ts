import { BulkAccepted, BulkPlan, CommandQuery, EmptyRequest, Plan } from '@aether-v/types';
import { Body, Controller, HttpCode, Param, Post, Req, Res, UseInterceptors } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { requestEntry } from '../audit/request-entry.ts';
import { RequirePermission } from '../auth/access.decorators.ts';
import { CurrentCaller, type Caller } from '../commands/caller.decorator.ts';
import { AcceptsJob, Answers, hostProblems, Problems, TakesBody, TakesQuery } from '../http/answers.ts';
import { ValidatedPipe } from '../http/validation/validated.pipe.ts';
import { FleetVersionInterceptor } from '../inventory/fleet-version.interceptor.ts';
import { idempotencyDescription } from '../jobs/idempotency.ts';
import { JobRetries } from './job-retries.ts';

/** Retries of jobs. */
@ApiTags('Jobs')
@Controller('api/v1/jobs')
@UseInterceptors(FleetVersionInterceptor)
export class RetriesController {
  constructor(private readonly retries: JobRetries) {}

  @Post(':jobId/retry')
  @HttpCode(202)
  @RequirePermission('view', { body: EmptyRequest, query: CommandQuery })
  @ApiOperation({
    summary: 'Retry a job that failed or was cancelled',
    description:
      'Requires the permission of the job’s command. Creates a job with the same request, which is checked like a new ' +
      'request; `retryOf` and `retriedBy` link the two jobs. The retry of a job with children runs the children that failed or were ' +
      'cancelled; `refused` lists the VMs that are left out. A job can be retried once, as long as the service has ' +
      'its request. Requests with secrets are not kept.',
  })
  @ApiHeader(idempotencyDescription)
  @TakesQuery(CommandQuery)
  @TakesBody(EmptyRequest)
  @Answers(
    [Plan, BulkPlan],
    'The plan of a dry run; for a job with children, one for each that would be retried',
  )
  @AcceptsJob(BulkAccepted)
  @Problems(
    'not-found',
    'wrong-state',
    'conflict',
    'disputed',
    'already-running',
    'no-suitable-host',
    'payload-too-large',
    'validation-failed',
    'unsupported-media-type',
    'forbidden',
    'foreign-origin',
    'audit-unavailable',
    ...hostProblems,
  )
  async retryJob(
    @Param('jobId') jobId: string,
    @CurrentCaller() caller: Caller,
    @Body(ValidatedPipe.body(EmptyRequest)) _body: EmptyRequest,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<BulkAccepted | Plan | BulkPlan> {
    const answer = await this.retries.retry(jobId, caller, requestEntry(request));
    if ('job' in answer) void reply.header('location', `/api/v1/jobs/${answer.job.id}`);
    else void reply.status(200);
    return answer;
  }
}
