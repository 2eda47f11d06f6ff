import { Module } from '@nestjs/common';
import { BulkJobs } from './bulk-jobs.ts';
import { BulkPlans } from './bulk-plans.ts';
import { ChildBars } from './child-bars.ts';
import { CommandChecks } from './command-checks.ts';
import { HostJournals } from './host-journals.ts';
import { HostPatience } from './host-patience.ts';
import { IdempotencyKeys } from './idempotency.ts';
import { JobAcknowledgement } from './job-acknowledgement.ts';
import { JobCancellation } from './job-cancellation.ts';
import { JobFollower } from './job-follower.ts';
import { JobRequests } from './job-requests.ts';
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
import { QueuePositions } from './queue-positions.ts';
import { RepeatedRequests } from './repeated-requests.ts';
import { VmCreations } from './vm-creations.ts';
import { JobsController } from './jobs.controller.ts';
import { JobsService } from './jobs.service.ts';

@Module({
  controllers: [JobsController],
  providers: [
    BulkJobs,
    BulkPlans,
    ChildBars,
    CommandChecks,
    HostJournals,
    HostPatience,
    IdempotencyKeys,
    JobAcknowledgement,
    JobCancellation,
    JobFollower,
    JobQueue,
    JobRequests,
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
    QueuePositions,
    RepeatedRequests,
    VmCreations,
  ],
  exports: [
    BulkJobs,
    BulkPlans,
    CommandChecks,
    IdempotencyKeys,
    JobRequests,
    JobRows,
    QueuePositions,
    JobsService,
    JobWaits,
    PlansService,
    Preparations,
    RepeatedRequests,
  ],
})
export class JobsModule {}
