import {
  BulkAccepted,
  EmptyRequest,
  Job,
  JobAccepted,
  JobList,
  JobLog,
  JobLogQuery,
  JobQuery,
  type ErrorCode,
} from '@aether-v/types';
import {
  Body,
  Controller,
  Get,
  HttpCode,
  Param,
  Post,
  Query,
  Req,
  Res,
  UseInterceptors,
} from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Static } from 'typebox';
import { requestEntry } from '../audit/request-entry.ts';
import { CurrentPrincipal, RequirePermission } from '../auth/access.decorators.ts';
import type { Principal } from '../auth/principal.ts';
import { AcceptsJob, Answers, AnswersFleet, Problems, TakesBody, TakesQuery } from '../http/answers.ts';
import { ValidatedPipe } from '../http/validation/validated.pipe.ts';
import { FleetVersionInterceptor } from '../inventory/fleet-version.interceptor.ts';
import { JobAcknowledgement } from './job-acknowledgement.ts';
import { JobCancellation } from './job-cancellation.ts';
import { JobRetries } from './job-retries.ts';
import { JobsService } from './jobs.service.ts';

/** Refuses every query parameter, because a caller that adds `dryRun` expects that nothing changes. */
const noQuery = ValidatedPipe.query(EmptyRequest);

/** Problems of routes that change a job and send nothing to a host. */
const changeProblems = [
  'not-found',
  'wrong-state',
  'validation-failed',
  'unsupported-media-type',
  'forbidden',
  'foreign-origin',
  'audit-unavailable',
] as const satisfies readonly ErrorCode[];

@ApiTags('Jobs')
@Controller('api/v1/jobs')
@UseInterceptors(FleetVersionInterceptor)
export class JobsController {
  constructor(
    private readonly jobs: JobsService,
    private readonly cancellation: JobCancellation,
    private readonly retries: JobRetries,
    private readonly acknowledgement: JobAcknowledgement,
  ) {}

  @Get()
  @RequirePermission('view')
  @ApiOperation({ summary: 'List jobs, newest first' })
  @TakesQuery(JobQuery)
  @AnswersFleet(JobList, 'A page of jobs')
  @Problems('validation-failed')
  listJobs(
    @Query(ValidatedPipe.query(JobQuery)) query: Static<typeof JobQuery>,
    @CurrentPrincipal() principal: Principal,
  ): JobList {
    return this.jobs.list(query, principal);
  }

  @Get(':jobId')
  @RequirePermission('view')
  @ApiOperation({ summary: 'Read one job with the last lines of its log' })
  @AnswersFleet(Job, 'The job')
  @Problems('not-found')
  getJob(@Param('jobId') jobId: string, @CurrentPrincipal() principal: Principal): Readonly<Job> {
    return this.jobs.read(jobId, principal);
  }

  @Get(':jobId/log')
  @RequirePermission('view')
  @ApiOperation({
    summary: 'Read the log of a job, page by page',
    description:
      'To follow the log, read again from the number after the last line. The oldest lines of a long log are dropped. Logs from before the start of the service are not available.',
  })
  @TakesQuery(JobLogQuery)
  @AnswersFleet(JobLog, 'A part of the log')
  @Problems('not-found', 'validation-failed')
  getJobLog(
    @Param('jobId') jobId: string,
    @Query(ValidatedPipe.query(JobLogQuery)) query: Static<typeof JobLogQuery>,
    @CurrentPrincipal() principal: Principal,
  ): JobLog {
    return this.jobs.log(jobId, query, principal);
  }

  @Post(':jobId/cancel')
  @HttpCode(202)
  @RequirePermission('view')
  @ApiOperation({
    summary: 'Cancel a job',
    description:
      'Requires the permission of the job’s command. A waiting job is cancelled at once; a running job ends at its next safe step. A job that can no longer be ' +
      'undone (`cancellable` is false) continues to its end, and its `cancelOutcome` is `too-late`.',
  })
  @TakesBody(EmptyRequest)
  @Answers(JobAccepted, 'The job in its current state', 202)
  @Problems(...changeProblems)
  cancelJob(
    @Param('jobId') jobId: string,
    @Query(noQuery) _query: object,
    @Body(ValidatedPipe.body(EmptyRequest)) _body: Static<typeof EmptyRequest>,
    @CurrentPrincipal() principal: Principal,
  ): JobAccepted {
    return { job: this.cancellation.cancel(jobId, principal) };
  }

  @Post(':jobId/retry')
  @HttpCode(202)
  @RequirePermission('view')
  @ApiOperation({
    summary: 'Retry a job that failed or was cancelled',
    description:
      'Requires the permission of the job’s command. Creates a job with the same request, which is checked like a new ' +
      'request; `retryOf` and `retriedBy` link the two jobs. The retry of a job with children runs the children that failed or were ' +
      'cancelled; `refused` lists the VMs that are left out. A job can be retried once, as long as the service has ' +
      'its request. Requests with secrets are not kept.',
  })
  @TakesBody(EmptyRequest)
  @AcceptsJob(BulkAccepted)
  @Problems(
    'not-found',
    'wrong-state',
    'conflict',
    'disputed',
    'already-running',
    'validation-failed',
    'unsupported-media-type',
    'forbidden',
    'foreign-origin',
    'host-unavailable',
    'audit-unavailable',
  )
  async retryJob(
    @Param('jobId') jobId: string,
    @Query(noQuery) _query: object,
    @Body(ValidatedPipe.body(EmptyRequest)) _body: Static<typeof EmptyRequest>,
    @CurrentPrincipal() principal: Principal,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<BulkAccepted> {
    const accepted = await this.retries.retry(jobId, principal, requestEntry(request));
    void reply.header('location', `/api/v1/jobs/${accepted.job.id}`);
    return accepted;
  }

  @Post(':jobId/acknowledge')
  @HttpCode(200)
  @RequirePermission('view')
  @ApiOperation({
    summary: 'Acknowledge a job that did not succeed',
    description:
      'Records that the caller has taken note of a failed job, or of a job with an unknown outcome, and of its children. ' +
      'Requires the permission of the job’s command. The first acknowledgement is kept until the service restarts.',
  })
  @TakesBody(EmptyRequest)
  @AnswersFleet(Job, 'The job')
  @Problems(...changeProblems)
  acknowledgeJob(
    @Param('jobId') jobId: string,
    @Query(noQuery) _query: object,
    @Body(ValidatedPipe.body(EmptyRequest)) _body: Static<typeof EmptyRequest>,
    @CurrentPrincipal() principal: Principal,
  ): Readonly<Job> {
    return this.acknowledgement.acknowledge(jobId, principal);
  }
}
