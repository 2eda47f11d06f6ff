import { BulkAccepted, BulkPlan, BulkRequest, CommandQuery } from '@aether-v/types';
import { Body, Controller, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { requestEntry } from '../audit/request-entry.ts';
import { RequirePermission } from '../auth/access.decorators.ts';
import { CurrentCaller, type Caller } from '../commands/caller.decorator.ts';
import { AcceptsJob, Answers, Problems, TakesBody, TakesQuery } from '../http/answers.ts';
import { ValidatedPipe } from '../http/validation/validated.pipe.ts';
import { idempotencyDescription } from '../jobs/idempotency.ts';
import { BulkService } from './bulk.service.ts';

/** Runs commands on several VMs. */
@ApiTags('VM actions')
@Controller('api/v1/vms')
export class BulkController {
  constructor(private readonly bulk: BulkService) {}

  @Post('bulk')
  @HttpCode(202)
  @RequirePermission('view', { body: BulkRequest, query: CommandQuery })
  @ApiOperation({
    summary: 'Run a command on several VMs',
    description:
      'Requires the permission of the command. The job has one child for each VM, which runs on its host. The ' +
      'service leaves out VMs that it refuses at once; the response and the log of the job list them. If it refuses ' +
      'all VMs, the problem lists them (`refused`); its code is that of the refusals, or `wrong-state` if they differ.',
  })
  @ApiHeader(idempotencyDescription)
  @TakesQuery(CommandQuery)
  @TakesBody(BulkRequest)
  @Answers(BulkPlan, 'The plans of a dry run, in the order of the request')
  @AcceptsJob(BulkAccepted)
  @Problems(
    'not-found',
    'wrong-state',
    'conflict',
    'disputed',
    'already-running',
    'host-unavailable',
    'payload-too-large',
    'validation-failed',
    'unsupported-media-type',
    'forbidden',
    'foreign-origin',
    'host-unreachable',
    'audit-unavailable',
  )
  async runBulk(
    @CurrentCaller() caller: Caller,
    @Body(ValidatedPipe.body(BulkRequest)) body: BulkRequest,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<BulkAccepted | BulkPlan> {
    const answer = await this.bulk.run(body, caller, requestEntry(request));
    if ('job' in answer) void reply.header('location', `/api/v1/jobs/${answer.job.id}`);
    else void reply.status(200);
    return answer;
  }
}
