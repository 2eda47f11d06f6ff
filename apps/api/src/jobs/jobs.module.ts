import { Module } from '@nestjs/common';
import { ChildBars } from './child-bars.ts';
import { HostJournals } from './host-journals.ts';
import { HostPatience } from './host-patience.ts';
import { IdempotencyKeys } from './idempotency.ts';
import { JobCancellation } from './job-cancellation.ts';
import { JobFollower } from './job-follower.ts';
import { JobResolver } from './job-resolver.ts';
import { JobRows } from './job-rows.ts';
import { JobRunner } from './job-runner.ts';
import { JobWaits } from './job-waits.ts';
import { JobQueue } from './job-queue.ts';
import { JournalHistory } from './journal-history.ts';
import { JournalNotes } from './journal-notes.ts';
import { ParentJobs } from './parent-jobs.ts';
import { PlansService } from './plans.service.ts';
import { Preparations } from './preparations.ts';
import { RepeatedRequests } from './repeated-requests.ts';
import { JobsController } from './jobs.controller.ts';
import { JobsService } from './jobs.service.ts';

@Module({
  controllers: [JobsController],
  providers: [
    ChildBars,
    HostJournals,
    HostPatience,
    IdempotencyKeys,
    JobCancellation,
    JobFollower,
    JobQueue,
    JobResolver,
    JobRows,
    JobRunner,
    JobWaits,
    JobsService,
    JournalHistory,
    JournalNotes,
    ParentJobs,
    PlansService,
    Preparations,
    RepeatedRequests,
  ],
  exports: [JobsService, JobWaits, ParentJobs, PlansService, Preparations, RepeatedRequests],
})
export class JobsModule {}
