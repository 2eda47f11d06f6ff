import {
  EmptyRequest,
  Job,
  JobAccepted,
  JobList,
  JobLog,
  JobLogQuery,
  JobQuery,
  type ErrorCode,
} from '@aether-v/types';
import { Body, Controller, Get, HttpCode, Param, Post, Query, UseInterceptors } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Static } from 'typebox';
import { CurrentPrincipal, RequirePermission } from '../auth/access.decorators.ts';
import type { Principal } from '../auth/principal.ts';
import { Answers, AnswersFleet, Problems, TakesBody, TakesQuery } from '../http/answers.ts';
import { ValidatedPipe } from '../http/validation/validated.pipe.ts';
import { FleetVersionInterceptor } from '../inventory/fleet-version.interceptor.ts';
import { JobAcknowledgement } from './job-acknowledgement.ts';
import { JobCancellation } from './job-cancellation.ts';
import { JobsService } from './jobs.service.ts';

/** Problems of changes of a job that send nothing to a host. */
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
    @Body(ValidatedPipe.body(EmptyRequest)) _body: Static<typeof EmptyRequest>,
    @CurrentPrincipal() principal: Principal,
  ): JobAccepted {
    return { job: this.cancellation.cancel(jobId, principal) };
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
    @Body(ValidatedPipe.body(EmptyRequest)) _body: Static<typeof EmptyRequest>,
    @CurrentPrincipal() principal: Principal,
  ): Readonly<Job> {
    return this.acknowledgement.acknowledge(jobId, principal);
  }
}
