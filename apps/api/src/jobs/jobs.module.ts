import { Module } from '@nestjs/common';
import { HostPatience } from './host-patience.ts';
import { IdempotencyKeys } from './idempotency.ts';
import { JobFollower } from './job-follower.ts';
import { JobResolver } from './job-resolver.ts';
import { JobRows } from './job-rows.ts';
import { JobRunner } from './job-runner.ts';
import { JournalHistory } from './journal-history.ts';
import { RepeatedRequests } from './repeated-requests.ts';
import { JobsController } from './jobs.controller.ts';
import { JobsService } from './jobs.service.ts';

@Module({
  controllers: [JobsController],
  providers: [
    HostPatience,
    IdempotencyKeys,
    JobFollower,
    JobResolver,
    JobRows,
    JobRunner,
    JobsService,
    JournalHistory,
    RepeatedRequests,
  ],
  exports: [JobsService, RepeatedRequests],
})
export class JobsModule {}
